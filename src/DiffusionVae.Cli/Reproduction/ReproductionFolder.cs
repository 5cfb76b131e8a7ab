using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// Where a reproduction is kept: <c>protocol.json</c>, what all its runs share; <c>records/NAME.json</c>, what a run came to, which alone makes it count as done;
/// <c>runs/NAME</c>, its directory, which may be deleted then. Any number of processes share a folder.
/// </summary>
internal sealed class ReproductionFolder(string root)
{
    public string Root => root;

    public string Records => Path.Combine(root, "records");

    public string Runs => Path.Combine(root, "runs");

    private string ProtocolFile => Path.Combine(root, "protocol.json");

    /// <summary>Makes the folder, or checks that its runs share the same.</summary>
    /// <exception cref="UsageException">They share something else.</exception>
    /// <exception cref="DataFormatException">The protocol is damaged.</exception>
    public void Hold(ReproductionPlan shared)
    {
        if (!File.Exists(ProtocolFile))
        {
            Directory.CreateDirectory(root);
            AtomicFile.WriteText(ProtocolFile, shared.ToJson() + "\n");
        }
        if (ReproductionPlan.FromJson(File.ReadAllText(ProtocolFile), ProtocolFile).DifferenceFrom(shared) is { } difference)
        {
            throw new UsageException($"'{root}' holds runs of another protocol: {difference}. Give the options that it was begun with, or another --output.");
        }
        Directory.CreateDirectory(Records);
        Directory.CreateDirectory(Runs);
    }
}
