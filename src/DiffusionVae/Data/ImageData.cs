namespace DiffusionVae.Data;

/// <summary>A data set: training images and test images, all of one size.</summary>
public sealed class ImageData : IDisposable
{
    /// <summary>Joins two sets. The data set owns them from then on.</summary>
    /// <param name="name">The name of the data set in messages and reports.</param>
    /// <param name="train">The training images.</param>
    /// <param name="test">The test images, of the same height and width.</param>
    /// <param name="family">The family that the images are drawn from; null if it is unknown.</param>
    /// <exception cref="ArgumentException">The sets differ in image size. The caller keeps both.</exception>
    public ImageData(string name, ImageSet train, ImageSet test, ImageFamily? family = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Height != test.Height || train.Width != test.Width)
        {
            string expected = Invariant($"{train.Height} by {train.Width} pixels, like the training images");
            throw new ArgumentException(
                Invariant($"expected test images of {expected}, found {test.Height} by {test.Width}"), nameof(test));
        }
        (Name, Train, Test, Family) = (name, train, test, family);
    }

    /// <summary>The name of the data set in messages and reports.</summary>
    public string Name { get; }

    /// <summary>The training images.</summary>
    public ImageSet Train { get; }

    /// <summary>The test images.</summary>
    public ImageSet Test { get; }

    /// <summary>
    /// The family that the images are drawn from, which renders the image of any generative factor; null if
    /// it is unknown.
    /// </summary>
    public ImageFamily? Family { get; }

    /// <summary>Rows of an image.</summary>
    public int Height => Train.Height;

    /// <summary>Columns of an image.</summary>
    public int Width => Train.Width;

    /// <summary>The size of every image.</summary>
    public ImageSize ImageSize => new(Height, Width);

    /// <summary>Pixels of an image, height times width.</summary>
    public int PixelCount => Train.PixelCount;

    /// <summary>Frees both sets.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
