namespace DiffusionVae.Data;

/// <summary>A data set: training and test observations, images or vectors, all of one shape.</summary>
public sealed class ImageData : IDisposable
{
    /// <summary>Joins two sets. The data set owns them from then on.</summary>
    /// <param name="name">The name of the data set in messages and reports.</param>
    /// <param name="train">The training images.</param>
    /// <param name="test">The test images, of the same shape.</param>
    /// <param name="family">The family that the images are drawn from; null if it is unknown.</param>
    /// <exception cref="ArgumentException">The sets differ in shape. The caller keeps both.</exception>
    public ImageData(string name, ImageSet train, ImageSet test, ImageFamily? family = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (!train.Shape.Equals(test.Shape))
        {
            string expected = $"test {train.Shape.Noun} of {train.Shape}, like the training {train.Shape.Noun}";
            throw new ArgumentException($"expected {expected}, found {test.Shape}", nameof(test));
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

    /// <summary>How the files were understood, in words; null if they are of a named data set.</summary>
    internal string? Format { get; init; }

    /// <summary>What was left out of the data, each in a sentence.</summary>
    internal IReadOnlyList<string> Remarks { get; set; } = [];

    /// <summary>
    /// The id of the likelihood that suits these data, which a run takes by default. For data by formula it
    /// is that of their family, for data of one's own <c>gaussian:learned</c>.
    /// </summary>
    public string Likelihood
    {
        get => field ?? Family?.Likelihood ?? "gaussian:learned";
        init;
    }

    /// <summary>The shape of every observation.</summary>
    public ObservationShape Shape => Train.Shape;

    /// <summary>How many numbers an observation has: pixels times channels, or features.</summary>
    public int PixelCount => Train.PixelCount;

    /// <summary>Frees both sets.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
