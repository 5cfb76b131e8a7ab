using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The log-likelihood by quadrature, log p(x) = log of the mean of p(x|z) over the prior, on latent spaces of dimension at most 3.</summary>
/// <remarks>
/// Grids for all images, each finer than the last, until two agree. The first ones look everywhere, the fine ones, for each image, where one before found more than a share of e^-15, and around it: no mode
/// is missed that is wider than the spacing. It is not a bound, and its error, which it tells, is on either side.
/// </remarks>
public sealed record QuadratureLikelihood : LikelihoodResult
{
    private QuadratureLikelihood(IReadOnlyList<double> logLikelihood, long nodes)
        : base(logLikelihood) => (Errors, Nodes) = ([.. logLikelihood.Select(_ => double.PositiveInfinity)], nodes);

    /// <summary>How far the last two grids differ on each image, in nats. Once a rule has begun to converge, it is much nearer to the truth than this.</summary>
    public IReadOnlyList<double> Errors { get; private init; }

    /// <summary>The mean of <see cref="Errors"/>.</summary>
    public double MeanError => Errors.Average();

    /// <summary>The largest of <see cref="Errors"/>.</summary>
    public double MaximumError => Errors.Max();

    /// <summary>The number of nodes of the last grid.</summary>
    public long Nodes { get; }

    /// <summary>Whether the last two grids agree as demanded; otherwise the next would have had too many nodes.</summary>
    public bool Converged { get; private init; }

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model, its latent space of dimension at most 3.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="options">The number of images, the tolerance, the largest grid.</param>
    /// <param name="progress">
    /// Is told the share that is done of the nodes that all grids up to the largest would have; or null. It ends at 1, by a leap where a smaller grid will do.
    /// </param>
    /// <param name="cancellationToken">Stops the measurement after a thousand nodes or so.</param>
    /// <exception cref="ArgumentException">The options are wrong, the images do not suit the decoder, or the dimension is above 3.</exception>
    /// <exception cref="NotSupportedException">A factor of the latent space has no quadrature rule.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static QuadratureLikelihood Measure(
        DiffusionAutoencoder model,
        ImageSet images,
        QuadratureOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new QuadratureOptions();
        Guard.NoFaults(options.Faults(images.Count));
        model.Likelihood.RequireOutcomes(images.Pixels, images.Name);
        using var frozen = torch.no_grad();
        using Tensor pixels = images.Pixels.narrow(0, 0, options.Images ?? images.Count);
        using var integral = new PriorIntegral(model, pixels);
        QuadratureLikelihood? result = null;
        long done = 0;
        foreach (QuadratureRule rule in QuadratureGrids.Of(model.Latent, options.MaximumNodes))
        {
            double[] values = integral.LogMean(rule, count => progress?.Report((done + count) / (2.0 * options.MaximumNodes)), cancellationToken);
            done += rule.Count;
            result = result is null ? new QuadratureLikelihood(values, rule.Count) : result.Refined(values, rule.Count, options.Tolerance);
            if (result.Converged)
            {
                break;
            }
        }
        progress?.Report(1);
        return result!;
    }

    private QuadratureLikelihood Refined(double[] values, long nodes, double tolerance)
    {
        double[] errors = [.. values.Zip(LogLikelihood, (latest, previous) => Math.Abs(latest - previous))];
        bool converged = errors.Average() <= tolerance && errors.Max() <= 10 * tolerance;
        return new QuadratureLikelihood(values, nodes) { Errors = errors, Converged = converged };
    }
}
