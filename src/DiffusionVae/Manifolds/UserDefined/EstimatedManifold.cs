namespace DiffusionVae.Manifolds;

/// <summary>
/// A closed manifold of which only the projection is known: volume, curvature and uniform draws come from
/// that, so that an ELBO on it is absolute.
/// </summary>
/// <remarks>
/// <code>
/// var known = new EstimatedManifold(new ProjectedManifold("mine", 2, 3, project), scale: 1);
/// </code>
/// The projection has to be the closest-point projection, in float64 too.
/// </remarks>
public sealed class EstimatedManifold : IClosedManifold, IUserCode
{
    private const int PoolSize = 1 << 13;

    /// <summary>
    /// The step of differences of fourth order in units of the scale: small against radii of curvature, large
    /// against rounding.
    /// </summary>
    private const double Step = 3e-3;

    private readonly IManifold manifold;
    private readonly double scale;
    private readonly Lazy<VolumeEstimate> volume;

    /// <summary>Creates the manifold.</summary>
    /// <param name="manifold">What is known of it; of less dimensions than the space around it.</param>
    /// <param name="scale">
    /// About how large it is, in length units: to every part of it some points of N(0, scale² I) have to be
    /// closest. No radius of curvature may be much smaller than a tenth of it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive, or M fills R^n.</exception>
    public EstimatedManifold(IManifold manifold, double scale)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(manifold.Dimension, manifold.AmbientDimension, nameof(manifold));
        (this.manifold, this.scale) = (manifold, scale);
        volume = new Lazy<VolumeEstimate>(Estimate);
    }

    /// <inheritdoc/>
    public string Id => manifold.Id;

    /// <inheritdoc/>
    public int Dimension => manifold.Dimension;

    /// <inheritdoc/>
    public int AmbientDimension => manifold.AmbientDimension;

    /// <inheritdoc/>
    public int FeatureDimension => manifold.FeatureDimension;

    /// <inheritdoc/>
    /// <remarks>
    /// In the plane and in space by quadrature, else by Monte Carlo; see <see cref="LogVolumeError"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The projection is not that to the closest point.
    /// </exception>
    public double LogVolume => volume.Value.LogVolume;

    /// <summary>
    /// The error of <see cref="LogVolume"/>, of Monte Carlo the standard error: so many nats the divergence
    /// may be off, the same for all images.
    /// </summary>
    public double LogVolumeError => volume.Value.StandardError;

    /// <inheritdoc/>
    public Tensor Project(Tensor x) => manifold.Project(x);

    /// <inheritdoc/>
    public Tensor Features(Tensor points) => manifold.Features(points);

    /// <inheritdoc/>
    /// <remarks>
    /// On tangent vectors the second derivative of P is the second fundamental form II, and by Gauss'
    /// equation Sc = |Σ II(e_i, e_i)|² - Σ |II(e_i, e_j)|². Derivatives are differences of fourth order. The
    /// result has no gradient.
    /// </remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor p = points.to(ScalarType.Float64).reshape(-1, AmbientDimension);
        Tensor[] frame = torch.linalg.eigh(Derivative(p)).Item2.unbind(-1)[^Dimension..];
        Tensor trace = torch.zeros_like(p), squares = torch.zeros_like(p);
        Tensor[] own = [.. frame.Select(direction => Bend(p, direction))];
        for (int i = 0; i < frame.Length; i++)
        {
            trace += own[i];
            squares += own[i].Squared();
            for (int j = 0; j < i; j++)
            {
                Tensor across = (Bend(p, frame[i] + frame[j]) - own[i] - own[j]) / 2;
                squares += across.Squared() * 2;
            }
        }
        return (trace.Squared() - squares).sum(-1, keepdim: true).to(points.dtype).view([.. points.shape[..^1], 1])
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        volume.Value.Sample(count, generator, dtype);

    private VolumeEstimate Estimate()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var generator = new Generator(1, CPU);
        Tensor pool = manifold.Project(torch.randn([PoolSize, AmbientDimension], ScalarType.Float64, CPU, generator: generator) * scale);
        return new VolumeEstimate(manifold, StartingPoints.From(pool.contiguous()), x => (manifold.Project(x), VolumeElement(x)));
    }

    /// <summary>The product of the d greatest eigenvalues of DP, the others being zero.</summary>
    private Tensor VolumeElement(Tensor x) =>
        torch.linalg.eigvalsh(Derivative(x)).narrow(-1, AmbientDimension - Dimension, Dimension).prod(-1);

    /// <summary>DP at x, [b, n, n], which is symmetric.</summary>
    private Tensor Derivative(Tensor x)
    {
        double h = Step * scale;
        Tensor basis = torch.eye(AmbientDimension, dtype: x.dtype, device: x.device).unsqueeze(1) * h;
        Tensor At(int steps) => manifold.Project(x + (basis * steps));
        Tensor rows = (((At(1) - At(-1)) * 8) - (At(2) - At(-2))) / (12 * h);
        Tensor jacobian = rows.transpose(0, 1);
        return (jacobian + jacobian.transpose(-2, -1)) / 2;
    }

    /// <summary>II(v, v) at p, [b, n].</summary>
    private Tensor Bend(Tensor p, Tensor v)
    {
        double h = Step * scale;
        Tensor At(int steps) => manifold.Project(p + (v * (steps * h)));
        return (((At(1) + At(-1)) * 16) - At(2) - At(-2) - (At(0) * 30)) / (12 * h * h);
    }
}
