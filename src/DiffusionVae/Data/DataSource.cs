namespace DiffusionVae.Data;

/// <summary>A data set that is found but not loaded yet.</summary>
public sealed class DataSource
{
    private readonly Func<ImageData> load;

    internal DataSource(string id, Func<ImageData> load)
    {
        Id = id;
        this.load = load;
    }

    /// <summary>
    /// The id by which <see cref="DataCatalogue.Parse"/> finds this data set. The same id gives the same
    /// data.
    /// </summary>
    public string Id { get; }

    /// <summary>Reads or generates the data.</summary>
    /// <returns>The data, which the caller owns and disposes.</returns>
    /// <exception cref="DataFormatException">A file is missing or damaged.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public ImageData Load() => load();
}
