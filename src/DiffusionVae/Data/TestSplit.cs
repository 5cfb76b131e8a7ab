namespace DiffusionVae.Data;

/// <summary>Takes the last observations to test on.</summary>
internal static class TestSplit
{
    /// <summary>Creates a data set from observations.</summary>
    /// <param name="path">The file or folder of the observations, for messages.</param>
    /// <param name="name">The name of the data set.</param>
    /// <param name="observations">Of a shape that tells itself; the caller keeps the tensor.</param>
    /// <param name="test">The number of test observations; null for a tenth, rounded up.</param>
    /// <param name="labels">A label for each; null or empty if there are none.</param>
    /// <param name="labelNames">The names of the labels 0, 1, ...; empty if they have none.</param>
    /// <param name="format">How the files were understood, in words.</param>
    /// <param name="shape">The shape of an observation; null for the one that the tensor has by
    /// itself.</param>
    /// <exception cref="DataFormatException">A value is not finite, or no observation is left to train
    /// on.</exception>
    public static ImageData Create(
        string path, string name, Tensor observations, long? test, long[]? labels, IReadOnlyList<string> labelNames, string format,
        ObservationShape? shape = null)
    {
        long count = observations.shape[0], last = test ?? (count + 9) / 10;
        if (last < 1 || last >= count)
        {
            string noun = observations.dim() == 2 ? "vector" : "image";
            string found = Invariant($"{count} {noun}s of which {last} are to test on");
            throw new DataFormatException(path, $"expected at least one {noun} to train on and one to test on, found {found}");
        }
        try
        {
            using var scope = torch.NewDisposeScope();
            Tensor? classes = labels is { Length: > 0 } ? torch.tensor(labels) : null;
            shape ??= ObservationShape.Of(observations);
            using var whole = new ImageSet(name, observations, shape, classes) { LabelNames = labelNames };
            return new ImageData(name, whole.Slice(0, count - last, $"{name} train"), whole.Slice(count - last, last, $"{name} test"))
            {
                Format = format,
            };
        }
        catch (ArgumentException fault)
        {
            throw new DataFormatException(path, fault.Message.Split(" (Parameter", 2)[0], fault);
        }
    }
}
