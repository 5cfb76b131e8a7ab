using System.Text.Json;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>
/// The data that a run was begun with, <c>data.json</c>: where they were, and what tells them from others.
/// Runs of earlier versions have none.
/// </summary>
internal sealed record DataRecord
{
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The id by which the data were asked for.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// The same id with the full path of the file or folder; null for data that have a name.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Sizes and checksum of the images, as <see cref="DataFingerprint"/> has them.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The record of the data that a run begins with.</summary>
    public static DataRecord Of(string id, string fingerprint) =>
        new() { Data = id, Path = DataCatalogue.FullPath(id), Fingerprint = fingerprint };

    /// <summary>Writes the record into the directory of a run.</summary>
    public void Write(RunDirectory directory) => AtomicFile.WriteText(directory.Data, JsonSerializer.Serialize(this, Options) + "\n");

    /// <summary>The record of a run; null if it has none.</summary>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static DataRecord? Read(RunDirectory directory)
    {
        if (!File.Exists(directory.Data))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<DataRecord>(File.ReadAllText(directory.Data), Options)
                ?? throw new JsonException("expected an object, { ... }.");
        }
        catch (JsonException fault)
        {
            throw new DataFormatException(directory.Data, JsonFault.Describe(fault, typeof(DataRecord)), fault);
        }
    }

    /// <summary>What tells the data at hand from those of the run; null if they are the same.</summary>
    /// <param name="data">The data at hand.</param>
    /// <param name="heldOut">The number of images that the run held out.</param>
    public string? DifferenceFrom(ImageData data, long heldOut)
    {
        // Made by formula from the id: the same data, though another processor may round them otherwise.
        if (data.Family is not null)
        {
            return null;
        }
        if (heldOut >= data.Train.Count)
        {
            return Invariant($"expected more than the {heldOut} images that the run held out, found {data.Train.Count}");
        }
        using Split split = Split.Create(data, heldOut);
        string found = DataFingerprint.Of(split);
        return found == Fingerprint ? null : $"expected {Fingerprint}, as data.json of the run says, found {found}";
    }
}
