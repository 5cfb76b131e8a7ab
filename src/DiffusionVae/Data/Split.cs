namespace DiffusionVae.Data;

/// <summary>The images that a model is trained on and the images that it is evaluated on.</summary>
/// <remarks>Both sets share memory with the data set and stay valid when it is disposed.</remarks>
public sealed class Split : IDisposable
{
    private Split(ImageSet train, ImageSet test) => (Train, Test) = (train, test);

    /// <summary>The images to train on.</summary>
    public ImageSet Train { get; }

    /// <summary>The images to evaluate on: the test images, or the held-out training images.</summary>
    public ImageSet Test { get; }

    /// <summary>
    /// Creates the split of a data set. With held-out images it splits the training images and leaves the
    /// test images unused.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="heldOut">The number of training images, the last ones, to evaluate on instead of the test
    /// images; 0 to use the test images.</param>
    /// <exception cref="ArgumentException">No image would be left to train on.</exception>
    public static Split Create(ImageData data, long heldOut)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(heldOut);
        long count = data.Train.Count;
        if (heldOut >= count)
        {
            throw new ArgumentException(
                Invariant($"{heldOut} images cannot be held out of {count}: at least one must be left to train on."), nameof(heldOut));
        }
        return heldOut == 0
            ? new Split(data.Train.Slice(0, count, data.Train.Name), data.Test.Slice(0, data.Test.Count, data.Test.Name))
            : new Split(
                data.Train.Slice(0, count - heldOut),
                data.Train.Slice(count - heldOut, heldOut, $"{data.Train.Name}, held out"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
