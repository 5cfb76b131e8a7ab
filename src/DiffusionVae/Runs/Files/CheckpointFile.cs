using DiffusionVae.Data;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>
/// A state of training in a safetensors file, with the configuration and a fingerprint of the data that led
/// to it. Two runs of one seed write the same bytes.
/// </summary>
internal static class CheckpointFile
{
    private const string Format = "dvae checkpoint 1";

    public static void Write(string path, TrainingState state, RunConfig config, string data)
    {
        using var scope = torch.NewDisposeScope();
        Safetensors.Write(
            path, state.Save(), new Dictionary<string, string> { ["format"] = Format, ["data"] = data, ["config"] = config.ToJson() });
    }

    /// <summary>Reads a file into the state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">Stays as it was if the file does not suit.</param>
    /// <param name="config">What the run is configured to be.</param>
    /// <param name="data">The fingerprint of the data at hand.</param>
    /// <exception cref="DataFormatException">
    /// The file is damaged, or of another version or run; or it is good, and the data are not those that led
    /// to it: then the exception names the data.
    /// </exception>
    public static void Read(string path, TrainingState state, RunConfig config, string data)
    {
        using SafetensorsFile file = Safetensors.Read(path);
        string format = file.Metadata.GetValueOrDefault("format", "none");
        if (format != Format)
        {
            throw new DataFormatException(path, $"expected the format '{Format}', found '{format}'");
        }
        config.RequireSame(path, file.Metadata.GetValueOrDefault("config", ""));
        string then = file.Metadata.GetValueOrDefault("data", "none");
        if (then != data)
        {
            throw new DataFormatException(
                config.Data, $"not the data that the run was begun with: expected {then}, as {path} says, found {data}");
        }
        try
        {
            state.Restore(file.Tensors);
        }
        catch (FormatException fault)
        {
            throw new DataFormatException(path, $"not a state of this run: {fault.Message}", fault);
        }
    }
}
