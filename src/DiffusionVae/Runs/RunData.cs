using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>Finds the data of a run again, from whatever folder, and checks that they are the same.</summary>
internal static class RunData
{
    private const string Remedy = "Say with --data where the data of the run are now";

    /// <summary>Loads the data that a run was begun with.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="config">Its configuration.</param>
    /// <returns>The data, which the caller disposes, and their id.</returns>
    /// <exception cref="DataFormatException">They are not where they were, or others are there.</exception>
    public static (ImageData Data, string Id) Load(RunDirectory directory, RunConfig config)
    {
        DataRecord? record = DataRecord.Read(directory);
        // The full path first: in another folder the relative one may lead to other data.
        DataSource[] sources = [.. new[] { record?.Path, config.Data }.OfType<string>().Select(Find).OfType<DataSource>()];
        DataFormatException? other = null;
        foreach (DataSource source in sources)
        {
            ImageData data = source.Load();
            if (record?.DifferenceFrom(data, config.HoldOut) is not { } difference)
            {
                return (data, config.Data);
            }
            data.Dispose();
            other ??= new DataFormatException(source.Id, $"not the data that the run was begun with: {difference}. {Remedy}");
        }
        string place = record?.Path is { } path ? $"neither at '{path}', where they were when it was begun, nor" : "not";
        throw other ?? new DataFormatException(
            directory.Config, $"the data of the run, '{config.Data}', are {place} in the folder from which dvae was started. {Remedy}");
    }

    /// <summary>
    /// Loads data that were named in place of the run's, and checks that they are the same.
    /// </summary>
    /// <inheritdoc cref="Load"/>
    public static (ImageData Data, string Id) LoadMoved(RunDirectory directory, RunConfig config, DataSource source)
    {
        ImageData data = source.Load();
        if (DataRecord.Read(directory)?.DifferenceFrom(data, config.HoldOut) is not { } difference)
        {
            return (data, source.Id);
        }
        data.Dispose();
        throw new DataFormatException(source.Id, $"not the data that the run was begun with: {difference}");
    }

    private static DataSource? Find(string id)
    {
        try
        {
            return DataCatalogue.Parse(id);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
