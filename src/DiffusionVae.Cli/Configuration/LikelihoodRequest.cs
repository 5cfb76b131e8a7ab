using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>A likelihood that was asked for.</summary>
internal sealed record LikelihoodRequest
{
    public required LikelihoodMethod Method { get; init; }

    public required int Samples { get; init; }

    public required long? Images { get; init; }

    public required string? Csv { get; init; }

    /// <summary>Estimates it, showing how far it is.</summary>
    /// <exception cref="UsageException">The run's latent space, or the number of images, does not allow it.</exception>
    /// <exception cref="StoppedException">Somebody interrupted it.</exception>
    public LikelihoodResult Measure(Terminal terminal, Run run, ImageSet images, long seed)
    {
        using var interruption = new Interruption(terminal);
        try
        {
            LikelihoodResult result = ShareProgress.Show(terminal, "likelihood", progress => UsageException.Guard<LikelihoodResult>(() => Method == LikelihoodMethod.Importance
                ? run.EvaluateByImportance(images, new ImportanceOptions { Samples = Samples, Images = Images }, seed, progress, interruption.Token)
                : run.EvaluateByQuadrature(images, new QuadratureOptions { Images = Images }, seed, progress, interruption.Token)));
            if (Csv is not null)
            {
                LikelihoodReport.WriteCsv(Csv, result, images);
            }
            return result;
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException("stopped; nothing was written.", interruption.ExitCode);
        }
    }
}
