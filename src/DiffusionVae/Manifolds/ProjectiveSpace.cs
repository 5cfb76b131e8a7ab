using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>Real projective space RP^d, the unit sphere with p and -p identified: <c>projective:d</c>.</summary>
/// <remarks>
/// Points are unit vectors of R^(d+1), either of two standing for the same point. The encoder maps into the sphere, so no homeomorphic
/// encoding exists (paper, section 4.1); what the decoder sees is even, so the decoder is a function on RP^d.
/// </remarks>
public sealed class ProjectiveSpace : IChartedManifold, IGeodesicManifold, IFramedManifold, IAntipodalManifold, IHeatKernelManifold, IHeatKernelSampler, IProposalManifold, IQuadratureManifold, IFusedProjection, IUnfoldableManifold
{
    private readonly Sphere cover;

    /// <summary>Creates the projective space of the given dimension.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public ProjectiveSpace(int dimension)
    {
        cover = new Sphere(dimension);
        HeatKernel = new ProjectiveHeatKernel(dimension);
        Charts = dimension switch
        {
            1 => SphericalCharts.ProjectiveLine(),
            2 or 3 => [SphericalCharts.Projective(dimension)],
            _ => [],
        };
    }

    /// <summary>The transition density of Brownian motion.</summary>
    public RadialHeatKernel HeatKernel { get; }

    /// <inheritdoc/>
    public string Id => Invariant($"projective:{Dimension}");

    /// <inheritdoc/>
    public int Dimension => cover.Dimension;

    /// <inheritdoc/>
    public int AmbientDimension => cover.AmbientDimension;

    /// <inheritdoc/>
    /// <remarks>RP^1: the circle of radius ½, and the angle. RP^2: the disc. RP^3: the ball. None in higher dimensions.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>Half the volume of the sphere.</remarks>
    public double LogVolume => HeatKernel.LogVolume;

    /// <inheritdoc/>
    public int FeatureDimension => AmbientDimension * (AmbientDimension + 1) / 2;

    /// <inheritdoc/>
    /// <remarks>P(x) = x / |x|.</remarks>
    public Tensor Project(Tensor x) => cover.Project(x);

    /// <remarks>R^d, by central projection on half the sphere. A linear map would send opposite data to the same point.</remarks>
    IReadOnlyList<Unfolding> IUnfoldableManifold.Unfoldings =>
        [new(new EuclideanSpace(Dimension), points => UnitVectors.Normalise(torch.cat([points, torch.ones_like(points.narrow(-1, 0, 1))], -1)))];

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) => FusedUnitVectors.Normalise(x, points, AmbientDimension);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) => FusedUnitVectors.PullBack(x, points, gradient, AmbientDimension);

    /// <inheritdoc/>
    /// <remarks>The entries of p pᵀ on and above the diagonal, those above scaled by √2: the Veronese map, an embedding of RP^d.</remarks>
    public Tensor Features(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        var products = new List<Tensor>(AmbientDimension);
        for (int i = 0; i < AmbientDimension; i++)
        {
            Tensor row = points.narrow(-1, i, 1) * points.narrow(-1, i, AmbientDimension - i);
            products.Add(row);
        }
        Tensor scale = torch.tensor(FeatureScale(), dtype: points.dtype, device: points.device);
        return (torch.cat(products, -1) * scale).MoveToOuterDisposeScope();
    }

    private double[] FeatureScale() =>
        [.. from i in Enumerable.Range(0, AmbientDimension) from j in Enumerable.Range(i, AmbientDimension - i) select i == j ? 1 : Math.Sqrt(2)];

    /// <inheritdoc/>
    public Tensor Antipode(Tensor points) => points.neg();

    /// <inheritdoc/>
    /// <remarks>d(d-1) everywhere.</remarks>
    public Tensor ScalarCurvature(Tensor points) => cover.ScalarCurvature(points);

    /// <inheritdoc/>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) => cover.SampleUniform(count, generator, dtype);

    /// <inheritdoc/>
    public Tensor Divergence(Tensor points, Tensor logTime) => TabulatedDivergence.Evaluate(HeatKernel.DivergenceTable, logTime);

    /// <inheritdoc/>
    public double MeanDivergence(double time) => HeatKernel.Divergence(time);

    /// <inheritdoc/>
    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) => cover.SampleHeatKernel(points, logTime, generator);

    /// <inheritdoc/>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator) =>
        ExponentialGaussian.Sample(this, HeatKernel, centres, logTime, generator);

    /// <inheritdoc/>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points) =>
        ExponentialGaussian.LogRatio(this, HeatKernel, centres, logTime, points);

    /// <inheritdoc/>
    /// <remarks>Of the rule of the sphere, one node of each pair of antipodes; for even integrands.</remarks>
    public QuadratureRule Quadrature(double spacing) => SphereQuadrature.Rule(Dimension, spacing, evenOnly: true);

    /// <inheritdoc/>
    /// <remarks>π/2.</remarks>
    public double Diameter => Math.PI / 2;

    /// <inheritdoc/>
    /// <remarks>If d is odd: then the antipodal map keeps the orientation of the sphere.</remarks>
    public bool IsOrientable => int.IsOddInteger(Dimension);

    /// <inheritdoc/>
    /// <remarks>The sphere's, at the representative given.</remarks>
    public Tensor Frame(Tensor points) => cover.Frame(points);

    /// <inheritdoc/>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        // Not π less the angle: that would cost the digits of a small distance.
        Tensor beyond = (p * q).sum(-1, keepdim: true).lt(0);
        return UnitVectors.Angle(p, torch.where(beyond, -q, q)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Exp(Tensor p, Tensor tangent) => cover.Exp(p, tangent);

    /// <inheritdoc/>
    public Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        Tensor nearer = torch.where((p * q).sum(-1, keepdim: true).lt(0), -q, q);
        return cover.Log(p, nearer).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor ProjectTangent(Tensor p, Tensor vector) => cover.ProjectTangent(p, vector);
}
