using DiffusionVae.Runs;
using DiffusionVae.Training;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Watches a run, to say how it goes on after an interruption, and what is kept when it ends
/// early.</summary>
internal sealed class RunWatch(Terminal terminal, string directory, int epochs) : ITrainingObserver
{
    private int done;

    /// <summary>The directory of the run.</summary>
    public string Directory => directory;

    /// <summary>Whether a run was resumed. One that was complete was not.</summary>
    public bool HasResumed { get; private set; }

    /// <summary>The command that takes the run up again.</summary>
    private string Resume => $"dvae train --resume {ShellText.Quote(directory)}";

    /// <summary>What to say of a run that was stopped.</summary>
    public string Stopped() => !File.Exists(new RunDirectory(directory).Config)
        ? "stopped before the run began; nothing was written."
        : Invariant($"stopped in epoch {Math.Min(done + 1, epochs)} of {epochs}; to go on: {Resume}");

    /// <summary>What to say besides the reason of a run that failed; or null.</summary>
    public string? Kept(Exception fault) => fault switch
    {
        DirectoryInUseException => null,
        TrainingDivergedException when done == 0 => $"no epoch was finished, so '{directory}' has no weights.",
        TrainingDivergedException => Invariant($"the weights of epoch {done} and the metrics so far are kept in '{directory}'."),
        IOException or UnauthorizedAccessException or OutOfMemoryException when System.IO.Directory.Exists(
            new RunDirectory(directory).Checkpoints) =>
            $"what was saved before is whole. When there is a remedy, go on with: {Resume}",
        DirectoryNotFoundException when done > 0 => $"the directory '{directory}' is gone. Was it moved, or its disk unmounted?",
        _ => null,
    };

    public void Resumed(Resumption from)
    {
        HasResumed = true;
        done = from.Epoch - 1;
        foreach (string repair in from.Repairs)
        {
            terminal.Note(repair);
        }
        terminal.Note(from.Checkpoint is null
            ? "there is no checkpoint yet: the run starts over."
            : Invariant($"the run goes on in epoch {from.Epoch} of {epochs}, after step {from.Step}."));
    }

    public void Warned(string warning) => terminal.Note(warning);

    public void EpochDone(EpochMetrics metrics) => done = metrics.Epoch;
}
