using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// The folder of a reproduction. <c>protocol.json</c> holds what all runs share. <c>records/NAME.json</c>
/// holds the results of a run; the run counts as done when this file exists. <c>runs/NAME</c> is the
/// directory of the run, which may be deleted when it is done. Any number of processes can share a folder.
/// </summary>
internal sealed class ReproductionFolder(string root)
{
    public string Root => root;

    public string Records => Path.Combine(root, "records");

    public string Runs => Path.Combine(root, "runs");

    private string ProtocolFile => Path.Combine(root, "protocol.json");

    /// <summary>Creates the folder for a plan, or checks that it already holds this plan.</summary>
    /// <exception cref="UsageException">The folder holds another plan.</exception>
    /// <exception cref="DataFormatException">The protocol is damaged.</exception>
    public void Prepare(ReproductionPlan plan)
    {
        if (!File.Exists(ProtocolFile))
        {
            Directory.CreateDirectory(root);
            AtomicFile.WriteText(ProtocolFile, plan.ToJson() + "\n");
        }
        if (ReproductionPlan.FromJson(File.ReadAllText(ProtocolFile), ProtocolFile).DifferenceFrom(plan) is { } difference)
        {
            throw new UsageException(
                $"'{root}' holds runs of another protocol: {difference}. Give the options that it was begun with, or another --output.");
        }
        Directory.CreateDirectory(Records);
        Directory.CreateDirectory(Runs);
    }
}
