using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>A latent space: a manifold with its prior, its family of posteriors, and the divergence of one from the other.</summary>
/// <remarks>
/// Points are rows [batch, n]. Results are new tensors in the caller's dispose scope; arguments are never disposed. Everything stands on
/// the device and has the type of its arguments.
/// </remarks>
public abstract class LatentSpace
{
    private protected LatentSpace()
    {
    }

    /// <summary>The name by which <see cref="Parse"/> finds it, such as <c>sphere:2*torus:1</c>.</summary>
    public abstract string Id { get; }

    /// <summary>The factors of a product; otherwise the space itself.</summary>
    public virtual IReadOnlyList<LatentSpace> Components => [this];

    /// <summary>The manifolds of the factors, whose coordinates stand side by side in a point.</summary>
    public abstract IReadOnlyList<IManifold> Manifolds { get; }

    /// <summary>The intrinsic dimension d.</summary>
    public abstract int Dimension { get; }

    /// <summary>The number n of coordinates of a point.</summary>
    public abstract int AmbientDimension { get; }

    /// <summary>The number of coordinates that an encoder puts out for a point: n, unless it is <see cref="EncoderProjection.Unfolded"/>.</summary>
    public int MeanDimension => EncodedManifolds.Sum(manifold => manifold.AmbientDimension);

    /// <summary>The number of log times of a posterior: one for a manifold, k (log variances) for R^k, their sum for a product.</summary>
    public abstract int TimeDimension { get; }

    /// <summary>The width of <see cref="Features"/>.</summary>
    public abstract int FeatureDimension { get; }

    /// <summary>Whether the divergence, and so the ELBO, is known absolutely and not only up to a constant.</summary>
    public abstract bool HasAbsoluteDivergence { get; }

    /// <summary>What was chosen for each factor, in words: the divergence and the range of log t.</summary>
    public abstract string Description { get; }

    /// <summary>The closest-point projection R^n → M.</summary>
    /// <param name="x">[batch, n].</param>
    /// <returns>[batch, n].</returns>
    public abstract Tensor Project(Tensor x);

    /// <summary>The mean of a posterior from the output of an encoder.</summary>
    /// <param name="output">[batch, <see cref="MeanDimension"/>].</param>
    /// <returns>[batch, n].</returns>
    public abstract Tensor Mean(Tensor output);

    /// <summary>log t from the unbounded output of an encoder, kept in range.</summary>
    /// <param name="output">[batch, <see cref="TimeDimension"/>].</param>
    /// <returns>The same shape.</returns>
    public abstract Tensor LogTime(Tensor output);

    /// <summary>What a decoder sees of a point.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, <see cref="FeatureDimension"/>].</returns>
    public abstract Tensor Features(Tensor points);

    /// <summary>All the coordinates that stand for the same points: the argument first, and antipodes where these are identified.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>One or more tensors [batch, n].</returns>
    public abstract IReadOnlyList<Tensor> Representatives(Tensor points);

    /// <summary>A sample of each posterior, reparametrised: differentiable in mean and log t.</summary>
    /// <param name="posterior">The posteriors.</param>
    /// <param name="generator">The source of the draws, on the same device.</param>
    /// <returns>[batch, n].</returns>
    public abstract Tensor Sample(Posterior posterior, Generator generator);

    /// <summary>A sample of each posterior for judging a model: from Brownian motion itself, not the walk, wherever that is possible. Not differentiable.</summary>
    /// <param name="posterior">The posteriors.</param>
    /// <param name="generator">The source of the draws, on the same device.</param>
    /// <returns>[batch, n].</returns>
    public abstract Tensor SampleExact(Posterior posterior, Generator generator);

    /// <summary>Draws from the prior.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">The source of the draws; it decides the device.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <returns>[count, n].</returns>
    /// <exception cref="NotSupportedException">A factor is known by its projection alone.</exception>
    public abstract Tensor SamplePrior(long count, Generator generator, ScalarType dtype = ScalarType.Float32);

    /// <summary>The divergence of each posterior from the prior.</summary>
    /// <param name="posterior">The posteriors.</param>
    /// <returns>[batch, factors], in nats.</returns>
    public abstract Tensor Divergence(Posterior posterior);

    /// <summary>Draws a point for each posterior from a distribution near it whose density is known exactly. Not differentiable.</summary>
    /// <remarks>On R^k the posterior itself; on closed manifolds that of <see cref="IProposalManifold"/>, or the prior where there is none.</remarks>
    /// <param name="posterior">The posteriors, means [..., n], log times [..., <see cref="TimeDimension"/>].</param>
    /// <param name="generator">The source of the draws, on the same device.</param>
    /// <returns>[..., n].</returns>
    /// <exception cref="NotSupportedException">A factor is known by its projection alone.</exception>
    public abstract Tensor SampleProposal(Posterior posterior, Generator generator);

    /// <summary>The logarithm of the density of <see cref="SampleProposal"/> relative to that of the prior.</summary>
    /// <param name="posterior">The posteriors, broadcast against the points: [images, 1, n] against [images, samples, n], say.</param>
    /// <param name="points">Where to evaluate, [..., n].</param>
    /// <returns>[..., 1], float64.</returns>
    /// <exception cref="NotSupportedException">A factor is known by its projection alone.</exception>
    public abstract Tensor LogProposalRatio(Posterior posterior, Tensor points);

    /// <summary>A quadrature rule for the prior, which converges faster than any power of the spacing where the integrand is smooth.</summary>
    /// <param name="spacing">The greatest distance of neighbouring nodes, about; positive.</param>
    /// <returns>The rule; null where a factor has none (<see cref="IQuadratureManifold"/>).</returns>
    public abstract QuadratureRule? Quadrature(double spacing);

    /// <summary>The manifolds to which the output of an encoder is projected, one after another: those of the factors, or those unfolded.</summary>
    internal abstract IReadOnlyList<IManifold> EncodedManifolds { get; }

    /// <summary>The latent space on a manifold: Gaussian on R^k, diffusion elsewhere.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or the manifold has no divergence of the kind they ask for.</exception>
    public static LatentSpace On(IManifold manifold, LatentOptions? options = null)
    {
        options ??= new LatentOptions();
        Validation.ThrowIfAny(options.Faults());
        return manifold is EuclideanSpace euclidean ? new GaussianLatentSpace(euclidean) : new DiffusionLatentSpace(manifold, options);
    }

    /// <summary>The latent space of an id: a manifold's, or several joined by <c>*</c>.</summary>
    /// <param name="id">Such as <c>torus</c>, <c>so3</c>, <c>euclidean:2*torus:1</c>.</param>
    /// <param name="options">What else can be chosen; the same for every factor.</param>
    /// <exception cref="FormatException">No such manifold; the message says which exist.</exception>
    /// <exception cref="ArgumentException">As for <see cref="On"/>.</exception>
    public static LatentSpace Parse(string id, LatentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        LatentSpace[] factors = [.. id.Split('*').Select(factor => On(ManifoldCatalogue.Parse(factor.Trim()), options))];
        return factors.Length == 1 ? factors[0] : new ProductLatentSpace(factors);
    }
}
