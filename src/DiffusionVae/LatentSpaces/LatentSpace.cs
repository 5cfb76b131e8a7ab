using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// A latent space: one or more manifolds with a prior p(z), a family of posteriors q(z|x), and KL(q ‖ p).
/// </summary>
/// <remarks>
/// <para>
/// A user-defined latent space derives from this class and implements four members: <see cref="Id"/>,
/// <see cref="LogTime"/>, <see cref="Sample"/> and <see cref="Divergence"/>. With these it trains, and its
/// ELBO is evaluated. <see cref="Prior"/> adds images from the prior, the likelihood, and the coverage in
/// <c>Topology</c>. The other virtual members have defaults that suit a space on one manifold.
/// </para>
/// <para>
/// In a training step the autoencoder splits the encoder's output, [batch, <see cref="EncoderOutputs"/>], and
/// calls <see cref="Mean"/> with the first <see cref="MeanDimension"/> columns and <see cref="LogTime"/> with
/// the other <see cref="TimeDimension"/>. Both make the <see cref="Posterior"/>. It then calls
/// <see cref="Sample"/>, <see cref="Features"/> of the sample for the decoder, and <see cref="Divergence"/>.
/// In evaluation <see cref="SampleExact"/> takes the place of <see cref="Sample"/>.
/// </para>
/// <para>
/// Points are rows [batch, n]. Results are new tensors in the caller's dispose scope, on the device and of
/// the type of the arguments. Arguments are never disposed. Results need not be differentiable more than
/// once.
/// </para>
/// </remarks>
public abstract class LatentSpace
{
    private readonly long[] pointWidths;

    /// <summary>For derived classes: a latent space on manifolds.</summary>
    /// <param name="manifolds">The manifolds whose coordinates make up a point, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    protected LatentSpace(params IReadOnlyList<IManifold> manifolds)
    {
        ArgumentNullException.ThrowIfNull(manifolds);
        ArgumentOutOfRangeException.ThrowIfZero(manifolds.Count, nameof(manifolds));
        Manifolds = manifolds;
        pointWidths = [.. manifolds.Select(manifold => (long)manifold.AmbientDimension)];
        Dimension = manifolds.Sum(manifold => manifold.Dimension);
        AmbientDimension = manifolds.Sum(manifold => manifold.AmbientDimension);
        FeatureDimension = manifolds.Sum(manifold => manifold.FeatureDimension);
    }

    /// <summary>The latent space on a manifold: Gaussian on R^k, diffusion elsewhere.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="options">
    /// The divergence, the range of log t, and the steps of the walk; null for the defaults.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The options are wrong, or the manifold has no divergence of the kind they ask for.
    /// </exception>
    public static LatentSpace Create(IManifold manifold, LatentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        options ??= new LatentOptions();
        Guard.NoFaults(options.Faults());
        return manifold is IVectorSpace space ? new GaussianLatentSpace(space) : new DiffusionLatentSpace(manifold, options);
    }

    /// <summary>
    /// The latent space of an id: that of a manifold, or those of several joined by <c>*</c>.
    /// </summary>
    /// <param name="id">For example <c>torus</c>, <c>so3</c>, or <c>euclidean:2*torus:1</c>.</param>
    /// <param name="options">The same for every component; null for the defaults.</param>
    /// <exception cref="FormatException">
    /// There is no such manifold; the message lists those that exist.
    /// </exception>
    /// <exception cref="ArgumentException">As for <see cref="Create"/>.</exception>
    public static LatentSpace Parse(string id, LatentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        LatentSpace[] components = [.. id.Split('*').Select(component => Create(ManifoldCatalogue.Parse(component.Trim()), options))];
        return components.Length == 1 ? components[0] : new ProductLatentSpace(components);
    }

    /// <summary>
    /// The name in configurations and reports. <see cref="Parse"/> finds the library's own spaces by it.
    /// </summary>
    public abstract string Id { get; }

    /// <summary>The divergence and the range of log t, in words. For reports; by default the id.</summary>
    public virtual string Description => Id;

    /// <summary>The manifolds whose coordinates stand side by side in a point.</summary>
    public IReadOnlyList<IManifold> Manifolds { get; }

    /// <summary>The components of a product; otherwise the space itself.</summary>
    public virtual IReadOnlyList<LatentSpace> Components => [this];

    /// <summary>The intrinsic dimension d.</summary>
    public int Dimension { get; }

    /// <summary>The number n of coordinates of a point.</summary>
    public int AmbientDimension { get; }

    /// <summary>The width of <see cref="Features"/>.</summary>
    public int FeatureDimension { get; }

    /// <summary>
    /// The width of the argument of <see cref="Mean"/>: n, unless an encoder's output is
    /// <see cref="EncoderProjection.Unfolded"/>.
    /// </summary>
    public virtual int MeanDimension => AmbientDimension;

    /// <summary>
    /// The number of log times of a posterior: by default one for each manifold. On R^k there are k log
    /// variances; for a product they add up.
    /// </summary>
    public virtual int TimeDimension => Manifolds.Count;

    /// <summary>
    /// The width of an encoder's output: <see cref="MeanDimension"/> coordinates, then
    /// <see cref="TimeDimension"/> log times.
    /// </summary>
    public int EncoderOutputs => MeanDimension + TimeDimension;

    /// <summary>
    /// Whether <see cref="Divergence"/>, and so the ELBO, is known absolutely and not only up to a constant.
    /// By default it is.
    /// </summary>
    public virtual bool HasAbsoluteDivergence => true;

    /// <summary>
    /// The prior; null (the default) where it is not known, so that nothing can be drawn from it.
    /// </summary>
    public virtual LatentPrior? Prior => null;

    /// <summary>
    /// The mean of a posterior from the output of an encoder: by default the closest point.
    /// </summary>
    /// <param name="output">[batch, <see cref="MeanDimension"/>].</param>
    /// <returns>[batch, n].</returns>
    public virtual Tensor Mean(Tensor output) => Project(output);

    /// <summary>
    /// The log times of a posterior from the output of an encoder, which is unbounded. It must be finite for
    /// every output.
    /// </summary>
    /// <remarks>
    /// t is the time of the Brownian motion, in squared length. A user-defined posterior may give these
    /// numbers another meaning, for example minus the logarithm of a concentration. They should grow with the
    /// posterior's variance, since reports show them as log t.
    /// </remarks>
    /// <param name="output">[batch, <see cref="TimeDimension"/>].</param>
    /// <returns>The same shape.</returns>
    public abstract Tensor LogTime(Tensor output);

    /// <summary>A sample of each posterior, reparametrised: differentiable in mean and log t.</summary>
    /// <param name="posterior">The posteriors.</param>
    /// <param name="generator">
    /// The source of the draws, on the same device. All randomness must come from it.
    /// </param>
    /// <returns>[batch, n].</returns>
    public abstract Tensor Sample(Posterior posterior, Generator generator);

    /// <summary>
    /// A sample of each posterior for evaluation: from Brownian motion itself, not from the walk, wherever
    /// that is possible. By default that of <see cref="Sample"/>. Need not be differentiable.
    /// </summary>
    /// <param name="posterior">The posteriors.</param>
    /// <param name="generator">The source of the draws, on the same device.</param>
    /// <returns>[batch, n].</returns>
    public virtual Tensor SampleExact(Posterior posterior, Generator generator) => Sample(posterior, generator);

    /// <summary>The divergence of each posterior from the prior, differentiable in mean and log t.</summary>
    /// <param name="posterior">The posteriors.</param>
    /// <returns>KL(q ‖ p), [batch, components], in nats.</returns>
    public abstract Tensor Divergence(Posterior posterior);

    /// <summary>The closest-point projection R^n → M.</summary>
    /// <param name="x">[batch, n].</param>
    /// <returns>[batch, n].</returns>
    public Tensor Project(Tensor x) => OnEachManifold(x, FusedProjection.Project);

    /// <summary>The decoder's input for points.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, <see cref="FeatureDimension"/>].</returns>
    public Tensor Features(Tensor points) => OnEachManifold(points, (manifold, part) => manifold.Features(part));

    /// <summary>
    /// All rows of coordinates that denote the same points: the argument first, then antipodes where these
    /// are identified.
    /// </summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>One or more tensors [batch, n].</returns>
    public IReadOnlyList<Tensor> Representatives(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        IEnumerable<Tensor[]> combinations = [[]];
        foreach ((IManifold manifold, Tensor part) in Manifolds.Zip(points.split(pointWidths, -1)))
        {
            Tensor[] choices = manifold is IAntipodalManifold antipodal ? [part, antipodal.Antipode(part)] : [part];
            combinations = combinations.SelectMany(chosen => choices.Select(choice => (Tensor[])[.. chosen, choice]));
        }
        return [.. combinations.Select(all => (all is [Tensor only] ? only : torch.cat(all, -1)).MoveToOuterDisposeScope())];
    }

    /// <summary>Draws from the prior.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="generator">The source of the draws; its device is that of the points.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <returns>[count, n].</returns>
    /// <exception cref="NotSupportedException">The prior is not known.</exception>
    public Tensor SamplePrior(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        RequirePrior().Sample(count, generator, dtype);

    /// <summary>The prior, or an exception that says how to supply it.</summary>
    internal LatentPrior RequirePrior() => Prior ?? throw new NotSupportedException(
        $"The prior of latent space '{Id}' is not known, so nothing can be drawn from it. "
        + (Components.FirstOrDefault(component => component.Prior is null) is DiffusionLatentSpace { Manifold: var manifold }
            ? $"Manifold '{manifold.Id}' is known by its projection alone: implement {nameof(IClosedManifold)}."
            : $"Override {nameof(LatentSpace)}.{nameof(Prior)}."));

    /// <summary>
    /// The manifolds to which <see cref="Mean"/> projects the output of an encoder, side by side; those of a
    /// space that is encoded unfolded are the unfolded ones. Null where this is not known, as in user-defined
    /// spaces.
    /// </summary>
    internal virtual IReadOnlyList<IManifold>? EncodedManifolds => null;

    private Tensor OnEachManifold(Tensor x, Func<IManifold, Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Manifolds is [IManifold only])
        {
            return map(only, x);
        }
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. Manifolds.Zip(x.split(pointWidths, -1), map)], -1).MoveToOuterDisposeScope();
    }
}
