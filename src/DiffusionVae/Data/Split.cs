namespace DiffusionVae.Data;

/// <summary>Images to learn from and images to measure on.</summary>
/// <remarks>Shares the memory of the data set it comes from, and outlives it.</remarks>
public sealed class Split : IDisposable
{
    private Split(ImageSet train, ImageSet test) => (Train, Test) = (train, test);

    /// <summary>To learn from.</summary>
    public ImageSet Train { get; }

    /// <summary>To measure on.</summary>
    public ImageSet Test { get; }

    /// <summary>The data set's own split; or, with images held out, a split of its training images that leaves the test images unseen.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="heldOut">How many training images, the last ones, to measure on in place of the test images; 0 for none.</param>
    /// <exception cref="ArgumentException">No image would be left to learn from.</exception>
    public static Split Of(ImageData data, long heldOut)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(heldOut);
        long count = data.Train.Count;
        if (heldOut >= count)
        {
            throw new ArgumentException(Invariant($"{heldOut} images cannot be held out of {count}: at least one must be left to train on."), nameof(heldOut));
        }
        return heldOut == 0
            ? new Split(data.Train.Slice(0, count, data.Train.Name), data.Test.Slice(0, data.Test.Count, data.Test.Name))
            : new Split(data.Train.Slice(0, count - heldOut), data.Train.Slice(count - heldOut, heldOut, $"{data.Train.Name}, held out"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
