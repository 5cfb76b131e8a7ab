using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The log-likelihood log p(x) = log ∫ p(x|z) p(z) dz by quadrature, on latent spaces of dimension at most 3.
/// </summary>
/// <remarks>
/// The images share grids, each finer than the one before, until two agree. The first grids cover the whole
/// space. For each image, the finer grids cover the regions where a coarser grid found more than a share of
/// e⁻¹⁵ of the integral, and their neighbours. No mode that is wider than the spacing is missed. The result
/// is not a bound: its error, which is estimated, can have either sign.
/// </remarks>
public sealed class QuadratureLikelihood : LikelihoodResult
{
    private QuadratureLikelihood(IReadOnlyList<double> logLikelihood, long nodes)
        : base(logLikelihood) => (Errors, Nodes) = ([.. logLikelihood.Select(_ => double.PositiveInfinity)], nodes);

    /// <summary>
    /// The difference of the last two grids on each image, in nats. Once the rule has begun to converge, the
    /// true error is much smaller.
    /// </summary>
    public IReadOnlyList<double> Errors { get; private init; }

    /// <summary>The mean of <see cref="Errors"/>.</summary>
    public double MeanError => Errors.Average();

    /// <summary>The largest of <see cref="Errors"/>.</summary>
    public double MaximumError => Errors.Max();

    /// <summary>The number of nodes of the last grid.</summary>
    public long Nodes { get; }

    /// <summary>
    /// Whether the last two grids agree within the tolerance. If not, the next grid would have had too many
    /// nodes.
    /// </summary>
    public bool Converged { get; private init; }

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model. The dimension of its latent space is at most 3.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="options">The number of images, the tolerance, and the size of the largest grid.</param>
    /// <param name="progress">
    /// Receives the number of nodes done, as a fraction of the nodes of all grids up to the largest; may be
    /// null. It jumps to 1 at the end if a smaller grid suffices.
    /// </param>
    /// <param name="cancellationToken">Stops the measurement within about 1000 nodes.</param>
    /// <exception cref="ArgumentException">The options are wrong, the images cannot be outcomes of the
    /// decoder's distribution, or the dimension is above 3.</exception>
    /// <exception cref="NotSupportedException">A component of the latent space has no quadrature
    /// rule.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static QuadratureLikelihood Measure(
        DiffusionAutoencoder model,
        ImageSet images,
        QuadratureOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new QuadratureOptions();
        CheckArguments(model, images, options.Faults);
        using var frozen = torch.no_grad();
        using Tensor pixels = images.Pixels.narrow(0, 0, options.Images ?? images.Count);
        using var integral = new PriorIntegral(model, pixels);
        QuadratureLikelihood? result = null;
        long done = 0;
        foreach (QuadratureRule rule in QuadratureGrids.Create(model.Latent, options.MaximumNodes))
        {
            double[] values = integral.LogMean(rule, Report, cancellationToken);
            done += rule.Count;
            result = result?.Refined(values, rule.Count, options.Tolerance) ?? new QuadratureLikelihood(values, rule.Count);
            if (result.Converged)
            {
                break;
            }
        }
        progress?.Report(1);
        return result!;

        void Report(long count) => progress?.Report((done + count) / (2.0 * options.MaximumNodes));
    }

    private QuadratureLikelihood Refined(double[] values, long nodes, double tolerance)
    {
        double[] errors = [.. values.Zip(LogLikelihood, (latest, previous) => Math.Abs(latest - previous))];
        bool converged = errors.Average() <= tolerance && errors.Max() <= 10 * tolerance;
        return new QuadratureLikelihood(values, nodes) { Errors = errors, Converged = converged };
    }
}
