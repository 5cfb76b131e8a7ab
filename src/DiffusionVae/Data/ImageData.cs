namespace DiffusionVae.Data;

/// <summary>A data set: images to train on and images to test on, all of one size.</summary>
public sealed class ImageData : IDisposable
{
    /// <summary>Joins two sets, and owns them from then on.</summary>
    /// <param name="name">What the data set is called in messages and reports.</param>
    /// <param name="train">Images to train on.</param>
    /// <param name="test">Images to test on, of the same height and width.</param>
    /// <param name="family">What all the images are draws of; or null.</param>
    /// <exception cref="ArgumentException">The sets differ in image size; neither is owned then.</exception>
    public ImageData(string name, ImageSet train, ImageSet test, ImageFamily? family = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Height != test.Height || train.Width != test.Width)
        {
            throw new ArgumentException(
                Invariant($"expected test images of {train.Height} by {train.Width} pixels, as those to train on, found {test.Height} by {test.Width}"),
                nameof(test));
        }

        (Name, Train, Test, Family) = (name, train, test, family);
    }

    /// <summary>What all the images are draws of, if it is known: it gives the image of any true factor.</summary>
    public ImageFamily? Family { get; }

    /// <summary>Rows of an image.</summary>
    public int Height => Train.Height;

    /// <summary>The size of every image.</summary>
    public ImageSize ImageSize => new(Height, Width);

    /// <summary>What the data set is called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>Pixels of an image, height times width.</summary>
    public int PixelCount => Train.PixelCount;

    /// <summary>Images to test on.</summary>
    public ImageSet Test { get; }

    /// <summary>Images to train on.</summary>
    public ImageSet Train { get; }

    /// <summary>Columns of an image.</summary>
    public int Width => Train.Width;

    /// <summary>Frees both sets.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
