using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary>Estimates the likelihood of a run's images and shows the progress.</summary>
internal static class LikelihoodMeasurement
{
    /// <summary>Estimates the likelihood.</summary>
    /// <exception cref="UsageException">The run's latent space, or the number of images, does not allow
    /// it.</exception>
    /// <exception cref="StoppedException">A signal interrupted it.</exception>
    public static LikelihoodResult Measure(Terminal terminal, LikelihoodRequest request, Run run, ImageSet images, long seed)
    {
        using var interruption = new Interruption(terminal);
        try
        {
            return ShareProgress.Show(
                terminal, "likelihood", progress => UsageException.Guard(() => Estimate(progress, interruption.Token)));
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException("stopped; nothing was written.", interruption.ExitCode);
        }
        LikelihoodResult Estimate(IProgress<double> progress, CancellationToken stop) => request.Method == LikelihoodMethod.Importance
            ? run.EvaluateByImportance(
                images, new ImportanceOptions { Samples = request.Samples, Images = request.Images }, seed, progress, stop)
            : run.EvaluateByQuadrature(images, new QuadratureOptions { Images = request.Images }, seed, progress, stop);
    }
}
