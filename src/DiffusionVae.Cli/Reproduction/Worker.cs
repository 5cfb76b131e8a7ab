using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>Claims and does the remaining runs, one at a time.</summary>
internal sealed class Worker(Terminal terminal, ImportanceOptions effort) : IDisposable
{
    private readonly Dictionary<string, ImageData> data = [];

    /// <summary>Does runs until none is left.</summary>
    /// <returns>An exit code.</returns>
    /// <exception cref="OperationCanceledException">The worker was stopped. Its results so far are
    /// kept.</exception>
    public int Work(IEnumerable<PlannedRun> runs, CancellationToken stop)
    {
        int code = ExitCodes.Success;
        foreach (PlannedRun planned in runs)
        {
            stop.ThrowIfCancellationRequested();
            using FileLock? claim = planned.IsDone ? null : planned.TryClaim();
            // Checked again, because another process may just have done it.
            if (claim is null || planned.IsDone)
            {
                continue;
            }
            try
            {
                ImageData images = DataOf(planned);
                using Run run = Train(planned, images, stop);
                if (!planned.IsForModel)
                {
                    planned.Write(RunRecord.Measure(run, images, effort, stop));
                }
            }
            catch (TrainingDivergedException fault)
            {
                terminal.WriteError($"{planned.Name}: {fault.Message}");
                code = ExitCodes.Diverged;
            }
        }
        return code;
    }

    public void Dispose()
    {
        foreach (ImageData images in data.Values)
        {
            images.Dispose();
        }
    }

    private Run Train(PlannedRun planned, ImageData images, CancellationToken stop) => File.Exists(planned.Run.Config)
        ? Run.Resume(planned.Run.Root, images, new Repairs(terminal, planned.Name), cancellationToken: stop)
        : Run.Train(planned.Config, images, planned.Run.Root, new Repairs(terminal, planned.Name), cancellationToken: stop);

    private ImageData DataOf(PlannedRun planned)
    {
        if (!data.TryGetValue(planned.Config.Data, out ImageData? images))
        {
            data.Add(planned.Config.Data, images = DataCatalogue.Parse(planned.Config.Data).Load());
        }
        return images;
    }

    /// <summary>Reports warnings, and damage that was repaired.</summary>
    private sealed class Repairs(Terminal terminal, string name) : ITrainingObserver
    {
        public void Warned(string warning) => terminal.Note($"{name}: {warning}");

        public void Resumed(Resumption from)
        {
            foreach (string repair in from.Repairs)
            {
                terminal.Note($"{name}: {repair}");
            }
        }
    }
}
