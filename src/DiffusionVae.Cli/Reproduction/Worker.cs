using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>Does the runs that nobody has done and nobody else is doing, one after another.</summary>
internal sealed class Worker(Terminal terminal, ImportanceOptions effort) : IDisposable
{
    private readonly Dictionary<string, ImageData> data = [];

    /// <summary>Works until nothing is left.</summary>
    /// <returns>An exit code.</returns>
    /// <exception cref="OperationCanceledException">Somebody wants it to stop; what was computed is kept.</exception>
    public int Work(IEnumerable<PlannedRun> cells, CancellationToken stop)
    {
        int code = ExitCodes.Success;
        foreach (PlannedRun cell in cells)
        {
            stop.ThrowIfCancellationRequested();
            using FileLock? claim = cell.IsDone ? null : cell.TryClaim();
            // Asked again: somebody may just have done it.
            if (claim is null || cell.IsDone)
            {
                continue;
            }
            try
            {
                ImageData images = DataOf(cell);
                using Run run = Train(cell, images, stop);
                if (!cell.IsForModel)
                {
                    cell.Write(RunRecord.Of(run, images, effort, stop));
                }
            }
            catch (TrainingDivergedException fault)
            {
                terminal.WriteError($"{cell.Name}: {fault.Message}");
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

    private Run Train(PlannedRun cell, ImageData images, CancellationToken stop) => File.Exists(cell.Run.Config)
        ? Run.Resume(cell.Run.Root, images, new Repairs(terminal, cell.Name), cancellationToken: stop)
        : Run.Train(cell.Config, images, cell.Run.Root, cancellationToken: stop);

    private ImageData DataOf(PlannedRun cell)
    {
        if (!data.TryGetValue(cell.Config.Data, out ImageData? images))
        {
            data.Add(cell.Config.Data, images = DataCatalogue.Parse(cell.Config.Data).Load());
        }
        return images;
    }

    /// <summary>Tells of damage that was repaired.</summary>
    private sealed class Repairs(Terminal terminal, string name) : ITrainingObserver
    {
        public void Resumed(Resumption from)
        {
            foreach (string repair in from.Repairs)
            {
                terminal.Note($"{name}: {repair}");
            }
        }
    }
}
