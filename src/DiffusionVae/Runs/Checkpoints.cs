using DiffusionVae.Data;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>The checkpoints of a run: one file each, named by the steps done. The last two are
/// kept.</summary>
internal sealed class Checkpoints(RunDirectory directory, RunConfig config, string data)
{
    private const int Kept = 2;
    private const string Prefix = "step-";
    private const string Extension = ".safetensors";

    /// <summary>Writes one, and then deletes all but the last two.</summary>
    public void Write(TrainingState state)
    {
        string name = Invariant($"{Prefix}{state.Step:d12}{Extension}");
        CheckpointFile.Write(Path.Combine(directory.Checkpoints, name), state, config, data);
        foreach (string old in Files(directory).Skip(Kept))
        {
            File.Delete(old);
        }
    }

    /// <summary>Takes the state to the last that is good, and deletes those after it, which are
    /// not.</summary>
    /// <returns>The file, or null where there are none at all; and what is wrong with those that were
    /// deleted.</returns>
    /// <exception cref="DataFormatException">There are some, and none is good; or the data are not those that
    /// led to them.</exception>
    public (string? Path, IReadOnlyList<string> Faults) Restore(TrainingState state)
    {
        string[] files = Files(directory);
        List<string> faults = [];
        foreach (string path in files)
        {
            try
            {
                CheckpointFile.Read(path, state, config, data);
            }
            catch (DataFormatException fault) when (fault.Path == path)
            {
                faults.Add(fault.Message);
                continue;
            }
            foreach (string damaged in files.TakeWhile(other => other != path))
            {
                File.Delete(damaged);
            }
            return (path, faults);
        }
        return files.Length == 0 ? (null, []) : throw new DataFormatException(
            directory.Checkpoints,
            string.Join(Environment.NewLine, ["no checkpoint can be used; begin the run again, from its config.json.", .. faults]));
    }

    /// <summary>Deletes all, the oldest first, so that what is left in between is a checkpoint to go on
    /// from.</summary>
    public void Delete()
    {
        foreach (string path in Files(directory).Reverse())
        {
            File.Delete(path);
        }
        if (!Directory.EnumerateFileSystemEntries(directory.Checkpoints).Any())
        {
            Directory.Delete(directory.Checkpoints);
        }
    }

    /// <summary>The files, the last first.</summary>
    public static string[] Files(RunDirectory directory) => Directory.Exists(directory.Checkpoints)
        ? [.. Directory.EnumerateFiles(directory.Checkpoints, $"{Prefix}*{Extension}").OrderDescending(StringComparer.Ordinal)]
        : [];
}
