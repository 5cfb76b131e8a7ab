using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// A closed manifold on which the heat kernel depends on the distance of two points alone: spheres,
/// projective spaces, rotations. The kernel, its divergence and its samples are written once here; a derived
/// class has the geometry.
/// </summary>
/// <remarks>
/// These are the two-point homogeneous spaces: an isometry takes any two points to any other two of the same
/// distance.
/// </remarks>
/// <threadsafety>All members may be called from any thread.</threadsafety>
public abstract class RadialManifold : IGeodesicManifold, IHeatKernelManifold, IHeatKernelSampler, IProposalManifold, IQuadratureManifold
{
    /// <summary>Creates the manifold that has a heat kernel.</summary>
    /// <param name="heatKernel">
    /// The transition density of Brownian motion, by geodesic distance in the metric that R^n induces.
    /// </param>
    protected RadialManifold(RadialHeatKernel heatKernel)
    {
        ArgumentNullException.ThrowIfNull(heatKernel);
        HeatKernel = heatKernel;
    }

    /// <summary>The transition density of Brownian motion.</summary>
    public RadialHeatKernel HeatKernel { get; }

    // ---- What a derived class has ----

    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public abstract int AmbientDimension { get; }

    /// <inheritdoc/>
    public abstract Tensor Project(Tensor x);

    /// <inheritdoc/>
    public abstract Tensor ScalarCurvature(Tensor points);

    /// <inheritdoc/>
    public abstract Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32);

    /// <inheritdoc/>
    public abstract QuadratureRule Quadrature(double spacing);

    /// <inheritdoc/>
    public abstract Tensor Distance(Tensor p, Tensor q);

    /// <inheritdoc/>
    public abstract Tensor Exp(Tensor p, Tensor tangent);

    /// <inheritdoc/>
    public abstract Tensor Log(Tensor p, Tensor q);

    /// <inheritdoc/>
    public abstract Tensor ProjectTangent(Tensor p, Tensor vector);

    // ---- What follows from the heat kernel ----

    /// <inheritdoc/>
    public int Dimension => HeatKernel.Dimension;

    /// <inheritdoc/>
    public double LogVolume => HeatKernel.LogVolume;

    /// <inheritdoc/>
    public double Diameter => HeatKernel.Diameter;

    /// <inheritdoc/>
    /// <remarks>∫ q_t log (q_t Vol(M)), the same at every point.</remarks>
    public Tensor Divergence(Tensor points, Tensor logTime) => TabulatedDivergence.Evaluate(HeatKernel.DivergenceTable, logTime);

    /// <inheritdoc/>
    public double MeanDivergence(double time) => HeatKernel.Divergence(time);

    /// <remarks>One point: all points are alike.</remarks>
    QuadratureRule IQuadratureManifold.InvariantQuadrature() => QuadratureRule.OfOnePoint(this);

    /// <inheritdoc/>
    /// <remarks>Exp_p(r u), with the distance r by its quantile and a direction u at random.</remarks>
    public virtual Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) =>
        RadialSampling.Sample(this, HeatKernel, points, logTime, generator);

    /// <inheritdoc/>
    /// <remarks>Exp_p(v) with v ~ N(0, t I), or a uniform point where |v| exceeds the diameter.</remarks>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator) =>
        ExponentialGaussian.Sample(this, HeatKernel, centres, logTime, generator);

    /// <inheritdoc/>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points) =>
        ExponentialGaussian.LogRatio(this, HeatKernel, centres, logTime, points);
}
