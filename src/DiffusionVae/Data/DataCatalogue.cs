namespace DiffusionVae.Data;

/// <summary>The named data sets. To add one, add an entry here.</summary>
public static class DataCatalogue
{
    /// <summary>The named data sets.</summary>
    internal static IReadOnlyList<DataSetEntry> Entries { get; } =
    [
        new(
            "mnist",
            "mnist",
            "60,000 + 10,000 handwritten digits of 28 by 28 pixels",
            arguments => WithoutArguments("mnist", arguments, Mnist.Load)),
        new(
            "fourier",
            "fourier:N,gamma,...",
            "all translations of a periodic picture: cos + cos, or a random one of frequencies up to N with weights falling off by gamma",
            arguments => SyntheticImages.Pictures("fourier", arguments, acrossOnly: false)),
        new(
            "circle",
            "circle:N,gamma,...",
            "the same picture translated across only: a circle of images",
            arguments => SyntheticImages.Pictures("circle", arguments, acrossOnly: true)),
        new(
            "rotations",
            "rotations:KIND,...",
            "a solid turned in every way: without symmetry (solid, or random with seed=N), of revolution (revolution), "
            + "or a rod with equal ends (rod)",
            arguments => SyntheticImages.Rotations("rotations", arguments)),
        new(
            "turntable",
            "turntable:ORDER,...",
            "a random solid on a turntable, with a near symmetry of that order: a circle of images",
            arguments => SyntheticImages.Turntable("turntable", arguments)),
    ];

    /// <summary>
    /// Finds a data set by its id. An id is <c>name</c> or <c>name:arguments</c> of an entry, or the path of
    /// an existing folder of IDX files (<see cref="IdxFolder"/>) or images (<see cref="ImageFolder"/>), of a
    /// table (.csv), or of a .npy file (<see cref="NpyFile"/>). But for IDX files <c>path:N</c> takes the
    /// last N observations to test on, <c>path</c> the last tenth; more options of a path are in the pages
    /// about data. Write <c>./name</c> for a folder that has the name of an entry.
    /// </summary>
    /// <param name="id">The id, as given to <c>--data</c>.</param>
    /// <returns>The data set, which is not loaded yet.</returns>
    /// <exception cref="FormatException">There is no such name or path, or the arguments are wrong. The
    /// message lists what is allowed.</exception>
    public static DataSource Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        int colon = id.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? id : id[..colon];
        if (Entries.FirstOrDefault(entry => entry.Name == name) is { } found)
        {
            return new DataSource(id, found.Parse(colon < 0 ? null : id[(colon + 1)..]));
        }
        if (DataPaths.Find(id) is { } load)
        {
            return new DataSource(id, load);
        }
        string hint = Suggestion.DidYouMean(name, Entries.Select(entry => entry.Name));
        string expected = $"{DataPaths.Usage}, or one of: {Usages()}";
        throw new FormatException($"unknown data '{id}': no folder or file of this path exists; expected {expected}.{hint}");
    }

    /// <summary>The id with the full path of its file or folder; null if it is the id of a named data set, or
    /// nothing is there.</summary>
    internal static string? FullPath(string id) =>
        Entries.Any(entry => entry.Name == id.Split(':')[0]) ? null : DataPaths.FullPath(id);

    private static string Usages() => string.Join(", ", Entries.Select(entry => entry.Usage));

    private static Func<ImageData> WithoutArguments(string name, string? arguments, Func<ImageData> load) =>
        arguments is null ? load : throw new FormatException($"data '{name}' takes no arguments, found '{arguments}'");
}
