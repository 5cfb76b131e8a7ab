using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// Real projective space RP^d, the unit sphere with p and -p identified: <c>projective:d</c>.
/// </summary>
/// <remarks>
/// Points are unit vectors of R^(d+1), and p and -p represent the same point. The encoder maps into the
/// sphere, so no homeomorphic encoding exists (paper, section 4.1). What the decoder sees is even, so the
/// decoder is a function on RP^d.
/// </remarks>
public sealed class ProjectiveSpace :
    RadialManifold, IAntipodalManifold, IChartedManifold, IFramedManifold, IFusedProjection, IUnfoldableManifold
{
    private readonly Sphere cover;

    /// <summary>Creates the projective space of the given dimension.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public ProjectiveSpace(int dimension)
        : this(new Sphere(dimension))
    {
    }

    private ProjectiveSpace(Sphere cover)
        : base(new ProjectiveHeatKernel(cover.Dimension))
    {
        this.cover = cover;
        Charts = cover.Dimension switch
        {
            1 => SphericalCharts.ProjectiveLine(),
            2 => [SphericalCharts.Projective(2), SphericalCharts.Cover(Project)],
            3 => [SphericalCharts.Projective(3)],
            _ => [],
        };
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "projective",
        Syntax = "projective:d",
        Summary = "real projective space RP^d",
        Advice = "axes: directions whose sign does not matter",
        Examples = ["projective:1", "projective:2", "projective:3"],
        ShortForms = new Dictionary<string, string> { ["rp2"] = "projective:2", ["rp3"] = "projective:3" },
        Create = numbers => new ProjectiveSpace(FamilyNumbers.WholeDimension(numbers)),
        References = [ManifoldReference.SphericalHeatKernel],
    };

    /// <inheritdoc/>
    public override string Id => Invariant($"projective:{Dimension}");

    /// <inheritdoc/>
    public override int AmbientDimension => cover.AmbientDimension;

    // ---- Two representatives of each point, and what a decoder sees of them ----

    /// <inheritdoc/>
    public bool IsProjective => true;

    /// <inheritdoc/>
    /// <remarks>-p.</remarks>
    public Tensor Antipode(Tensor points) => points.neg();

    /// <inheritdoc/>
    /// <remarks>(d+1)(d+2)/2.</remarks>
    public int FeatureDimension => AmbientDimension * (AmbientDimension + 1) / 2;

    /// <inheritdoc/>
    /// <remarks>
    /// The entries of p pᵀ on and above the diagonal, those above scaled by √2: the Veronese map, an
    /// embedding of RP^d.
    /// </remarks>
    public Tensor Features(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        var products = new List<Tensor>(AmbientDimension);
        for (int i = 0; i < AmbientDimension; i++)
        {
            Tensor row = points.narrow(-1, i, 1) * points.narrow(-1, i, AmbientDimension - i); // [..., n - i]
            products.Add(row);
        }
        Tensor scale = torch.tensor(FeatureScale(), dtype: points.dtype, device: points.device);
        return (torch.cat(products, -1) * scale).MoveToOuterDisposeScope();
    }

    private double[] FeatureScale() =>
    [
        .. from i in Enumerable.Range(0, AmbientDimension)
           from j in Enumerable.Range(i, AmbientDimension - i)
           select i == j ? 1 : Math.Sqrt(2),
    ];

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>P(x) = x / |x|.</remarks>
    public override Tensor Project(Tensor x) => cover.Project(x);

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) =>
        FusedUnitVectors.Normalise(x, points, AmbientDimension);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) =>
        FusedUnitVectors.PullBack(x, points, gradient, AmbientDimension);

    /// <remarks>
    /// R^d, by central projection on half the sphere. A linear map would send opposite data to the same
    /// point.
    /// </remarks>
    IReadOnlyList<Unfolding> IUnfoldableManifold.Unfoldings =>
    [
        new(
            new EuclideanSpace(Dimension),
            points => UnitVectors.Normalise(torch.cat([points, torch.ones_like(points.narrow(-1, 0, 1))], -1))),
    ];

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>d(d-1) everywhere.</remarks>
    public override Tensor ScalarCurvature(Tensor points) => cover.ScalarCurvature(points);

    /// <inheritdoc/>
    /// <remarks>Uniform on the sphere.</remarks>
    public override Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        cover.SampleUniform(count, generator, dtype);

    /// <inheritdoc/>
    /// <remarks>The nodes of the sphere's rule, one of each pair of antipodes; for even integrands.</remarks>
    public override QuadratureRule Quadrature(double spacing) => SphereQuadrature.Rule(Dimension, spacing, evenOnly: true);

    /// <inheritdoc/>
    /// <remarks>
    /// That of the sphere, whose kernel summed over p and -p is this one: a sample of the one represents a
    /// sample of the other.
    /// </remarks>
    public override Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) =>
        cover.SampleHeatKernel(points, logTime, generator);

    // ---- Geodesics ----

    /// <inheritdoc/>
    /// <remarks>arccos|p·q|.</remarks>
    public override Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        // Not π less the angle: that would cost the digits of a small distance.
        return UnitVectors.Angle(p, Nearer(p, q)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The sphere's: cos|v| p + (sin|v| / |v|) v.</remarks>
    public override Tensor Exp(Tensor p, Tensor tangent) => cover.Exp(p, tangent);

    /// <inheritdoc/>
    /// <remarks>The sphere's, to the nearer of q and -q.</remarks>
    public override Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return cover.Log(p, Nearer(p, q)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>v - (v·p) p.</remarks>
    public override Tensor ProjectTangent(Tensor p, Tensor vector) => cover.ProjectTangent(p, vector);

    /// <summary>The representative of q that is nearer to p.</summary>
    private static Tensor Nearer(Tensor p, Tensor q) => torch.where((p * q).sum(-1, keepdim: true).lt(0), -q, q);

    // ---- Orientation ----

    /// <inheritdoc/>
    /// <remarks>If d is odd: then the antipodal map keeps the orientation of the sphere.</remarks>
    public bool IsOrientable => int.IsOddInteger(Dimension);

    /// <inheritdoc/>
    /// <remarks>The sphere's, at the representative given.</remarks>
    public Tensor Frame(Tensor points) => cover.Frame(points);

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>
    /// RP^1: the circle of radius ½, and the angle. RP^2: the disc, and its double cover. RP^3: the ball.
    /// None in higher dimensions.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }
}
