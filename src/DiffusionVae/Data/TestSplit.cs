namespace DiffusionVae.Data;

/// <summary>Takes the last images as test images, where the data do not say which are.</summary>
internal static class TestSplit
{
    /// <summary>Creates a data set from images.</summary>
    /// <param name="path">The file or folder of the images, for messages.</param>
    /// <param name="name">The name of the data set.</param>
    /// <param name="images">[count, height, width]; the caller keeps the tensor.</param>
    /// <param name="test">The number of test images; null for a tenth, rounded up.</param>
    /// <exception cref="DataFormatException">A value is not finite, or no image is left to train
    /// on.</exception>
    public static ImageData Create(string path, string name, Tensor images, long? test)
    {
        long count = images.shape[0], last = test ?? (count + 9) / 10;
        if (last < 1 || last >= count)
        {
            string found = Invariant($"{count} images of which {last} are to test on");
            throw new DataFormatException(path, $"expected at least one image to train on and one to test on, found {found}");
        }
        try
        {
            using var whole = new ImageSet(name, images);
            return new ImageData(name, whole.Slice(0, count - last, $"{name} train"), whole.Slice(count - last, last, $"{name} test"));
        }
        catch (ArgumentException fault)
        {
            throw new DataFormatException(path, fault.Message.Split(" (Parameter", 2)[0], fault);
        }
    }
}
