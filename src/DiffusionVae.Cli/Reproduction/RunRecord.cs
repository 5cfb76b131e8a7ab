using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>What a run came to, on the images it was not trained on. Nats per image; MSE per pixel.</summary>
internal sealed record RunRecord
{
    /// <summary>In nats: what the tables, of two decimals, cannot show. Three dimensions and great images take an hour a run with less.</summary>
    public const double QuadratureTolerance = 0.01;

    public required string Manifold { get; init; }

    public required string Data { get; init; }

    public required long Seed { get; init; }

    public required double Elbo { get; init; }

    public required double Kl { get; init; }

    public required double Mse { get; init; }

    public required double LogT { get; init; }

    /// <summary>The log-likelihood by importance sampling, a lower bound; and its mean effective sample size.</summary>
    public required double Importance { get; init; }

    public required double EffectiveSampleSize { get; init; }

    /// <summary>The log-likelihood by quadrature, and how far its last two grids are apart; null on latent spaces of more than 3 dimensions.</summary>
    public double? Quadrature { get; init; }

    public double? QuadratureError { get; init; }

    /// <summary>The log-likelihood of the images under their own distribution, which no model exceeds; null where it is not known.</summary>
    public double? Limit { get; init; }

    /// <summary>Whether the topology of the data is captured, and the degree of the encoder; null where undetermined, or the data's is not known.</summary>
    public bool? IsCaptured { get; init; }

    public int? Degree { get; init; }

    /// <summary>Wall time of training and of judging, in seconds.</summary>
    public required double TrainingSeconds { get; init; }

    public required double JudgingSeconds { get; init; }

    /// <summary>What made the run, by name.</summary>
    public required IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>Judges a run that is complete.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">Its data.</param>
    /// <param name="effort">How the likelihood is estimated by importance sampling, and for how many images.</param>
    /// <param name="stop">Stops the judging.</param>
    public static RunRecord Of(Run run, ImageData data, ImportanceOptions effort, CancellationToken stop)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using Split split = run.Split(data);
        RunEvaluation evaluation = run.Evaluate(data);
        ImportanceLikelihood importance = run.EvaluateByImportance(split.Test, effort, cancellationToken: stop);
        QuadratureLikelihood? quadrature = run.Model.Latent.Dimension <= QuadratureOptions.MostDimensions
            ? run.EvaluateByQuadrature(
                split.Test, new QuadratureOptions { Images = effort.Images, Tolerance = QuadratureTolerance }, cancellationToken: stop)
            : null;
        return new RunRecord
        {
            Manifold = run.Config.Manifold,
            Data = run.Config.Data,
            Seed = run.Config.Training.Seed,
            Elbo = evaluation.Score.Elbo,
            Kl = evaluation.Score.Kl,
            Mse = evaluation.Score.Mse,
            LogT = evaluation.Score.LogTime,
            Importance = importance.Mean,
            EffectiveSampleSize = importance.MeanEffectiveSampleSize,
            Quadrature = quadrature?.Mean,
            QuadratureError = quadrature is { MeanError: var error } && double.IsFinite(error) ? error : null,
            Limit = evaluation.LikelihoodBound,
            IsCaptured = evaluation.Topology?.IsCaptured,
            Degree = evaluation.Topology?.Degree?.Value,
            TrainingSeconds = Math.Round(run.History.Sum(epoch => epoch.Seconds), 1),
            JudgingSeconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
            Versions = run.Directory.ReadConfig().Versions,
        };
    }
}
