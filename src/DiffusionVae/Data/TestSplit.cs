namespace DiffusionVae.Data;

/// <summary>Sets images apart to test on, where the data do not say which: the last ones.</summary>
internal static class TestSplit
{
    /// <summary>The data set of some images.</summary>
    /// <param name="path">Where they come from, for messages.</param>
    /// <param name="name">What the data set is called.</param>
    /// <param name="images">[count, height, width]; not owned.</param>
    /// <param name="test">How many are to test on; null for a tenth, rounded up.</param>
    /// <exception cref="DataFormatException">A value is not finite, or no image is left to train on.</exception>
    public static ImageData Of(string path, string name, Tensor images, long? test)
    {
        long count = images.shape[0], last = test ?? (count + 9) / 10;
        if (last < 1 || last >= count)
        {
            throw new DataFormatException(path, Invariant($"expected at least one image to train on and one to test on, found {count} images of which {last} are to test on"));
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
