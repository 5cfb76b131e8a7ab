using System.Diagnostics;
using System.Text.Json.Serialization;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// The results of a run on the images that it was not trained on. Nats per image; MSE per pixel.
/// </summary>
internal sealed record RunRecord
{
    /// <summary>
    /// The tolerance of the quadrature in nats, which is the last decimal of the tables. With a smaller one,
    /// three dimensions and large images take an hour a run.
    /// </summary>
    public const double QuadratureTolerance = 0.01;

    public required string Manifold { get; init; }

    public required string Data { get; init; }

    public required long Seed { get; init; }

    public required double Elbo { get; init; }

    public required double Kl { get; init; }

    public required double Mse { get; init; }

    public required double LogT { get; init; }

    /// <summary>The log-likelihood by importance sampling, a lower bound.</summary>
    public required double Importance { get; init; }

    /// <summary>The mean effective sample size of <see cref="Importance"/>.</summary>
    public required double EffectiveSampleSize { get; init; }

    /// <summary>The log-likelihood by quadrature; null on latent spaces of more than 3 dimensions.</summary>
    public double? Quadrature { get; init; }

    /// <summary>The mean difference of the last two grids of <see cref="Quadrature"/>.</summary>
    public double? QuadratureError { get; init; }

    /// <summary>The best attainable log-likelihood; null if it is unknown.</summary>
    public double? Limit { get; init; }

    /// <summary>
    /// Whether the topology of the data is captured; null where that is undetermined, or the generative
    /// factors are not known.
    /// </summary>
    public bool? IsCaptured { get; init; }

    /// <summary>The degree of the encoder; null if it is unknown.</summary>
    public int? Degree { get; init; }

    /// <summary>The wall time of training, in seconds.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>The wall time of evaluation, in seconds.</summary>
    public required double JudgingSeconds { get; init; }

    /// <summary>The wall time of training and evaluation, in seconds.</summary>
    [JsonIgnore]
    public double Seconds => TrainingSeconds + JudgingSeconds;

    /// <summary>The versions of the program and its parts that made the run, by name.</summary>
    public required IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>Evaluates a complete run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">Its data.</param>
    /// <param name="effort">How the likelihood is estimated by importance sampling, and for how many
    /// images.</param>
    /// <param name="stop">Stops the evaluation.</param>
    public static RunRecord Measure(Run run, ImageData data, ImportanceOptions effort, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        using Split split = run.Split(data);
        RunEvaluation evaluation = run.Evaluate(data);
        ImportanceLikelihood importance = run.EvaluateByImportance(split.Test, effort, cancellationToken: stop);
        var quadratureEffort = new QuadratureOptions { Images = effort.Images, Tolerance = QuadratureTolerance };
        QuadratureLikelihood? quadrature = run.Model.Latent.Dimension <= QuadratureOptions.MostDimensions
            ? run.EvaluateByQuadrature(split.Test, quadratureEffort, cancellationToken: stop)
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
