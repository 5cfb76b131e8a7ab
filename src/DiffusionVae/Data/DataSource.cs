namespace DiffusionVae.Data;

/// <summary>A data set that somebody named, not read yet.</summary>
public sealed class DataSource
{
    private readonly Func<ImageData> load;

    internal DataSource(string id, Func<ImageData> load)
    {
        Id = id;
        this.load = load;
    }

    /// <summary>What names this data set to <see cref="DataCatalogue.Parse"/>: the same text gives the same data.</summary>
    public string Id { get; }

    /// <summary>Reads or makes the data.</summary>
    /// <returns>The data, owned by the caller.</returns>
    /// <exception cref="DataFormatException">A file is missing or damaged.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public ImageData Load() => load();
}
