namespace DiffusionVae.Manifolds;

/// <summary>A user-defined closed hypersurface, given by an equation: all x of R^n with F(x) = 0.</summary>
/// <remarks>
/// <code>
/// var egg = new LevelSet("egg", 3, radius: 2, x => x.pow(2).sum(-1) + (0.3 * x.select(-1, 2).pow(3)) - 1);
/// </code>
/// The formula of F is enough: its derivatives come from automatic differentiation. F must be smooth, and its
/// gradient must not vanish on M.
/// </remarks>
public sealed class LevelSet : IClosedManifold, IUserCode
{
    private const int PoolSize = 1 << 13;
    private const int Corrections = 8;
    private readonly double radius;
    private readonly Func<Tensor, Tensor> equation;
    private readonly Lazy<StartingPoints> starts;
    private readonly Lazy<VolumeEstimate> volume;

    /// <summary>Creates the hypersurface.</summary>
    /// <param name="id">A name for it.</param>
    /// <param name="ambientDimension">n, at least 2.</param>
    /// <param name="radius">Some R: M lies in the cube from -R to R, and is not much smaller.</param>
    /// <param name="equation">
    /// F, from [b, n] to [b], made of differentiable operations, each row by itself.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">n is less than 2, or R is not positive.</exception>
    public LevelSet(string id, int ambientDimension, double radius, Func<Tensor, Tensor> equation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(ambientDimension, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(radius);
        ArgumentNullException.ThrowIfNull(equation);
        (Id, AmbientDimension, this.radius, this.equation) = (id, ambientDimension, radius, equation);
        starts = new Lazy<StartingPoints>(FindStarts);
        volume = new Lazy<VolumeEstimate>(() => new VolumeEstimate(this, starts.Value, WithVolumeElement));
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    /// <remarks>n - 1.</remarks>
    public int Dimension => AmbientDimension - 1;

    /// <inheritdoc/>
    public int AmbientDimension { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// In the plane and in space by quadrature, else by Monte Carlo; see <see cref="LogVolumeError"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The equation has no zeros within the radius, or touches itself.
    /// </exception>
    public double LogVolume => volume.Value.LogVolume;

    /// <summary>
    /// The error of <see cref="LogVolume"/>, by Monte Carlo its standard error. The divergence of every image
    /// may be off by as many nats.
    /// </summary>
    public double LogVolumeError => volume.Value.StandardError;

    /// <inheritdoc/>
    /// <remarks>
    /// Newton's iteration for x - y = λ ∇F(y), F(y) = 0, in double precision, from the nearest of a thousand
    /// points of M. The gradient is that of the implicit function: (I + λ ∇²F)⁻¹ on the tangent space.
    /// Differentiable once.
    /// A second derivative lacks, without an error, what goes through it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The equation has no zeros within the radius.</exception>
    public Tensor Project(Tensor x) => ClosestPoint.Project(x, rows =>
    {
        Tensor points = Closest(rows);
        return (points, () =>
        {
            (Tensor normal, Tensor stiffness) = Stiffness(points, rows);
            return ClosestPoint.Inverse(stiffness) - Outer(normal);
        });
    });

    /// <inheritdoc/>
    /// <remarks>
    /// (tr S)² - tr S², S being the shape operator, the derivative of the unit normal ∇F/|∇F| (Gauss).
    /// </remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        bool differentiable = points.requires_grad && torch.is_grad_enabled();
        using var grad = torch.enable_grad();
        Tensor x = Derivatives.Variable(points.to(ScalarType.Float64).reshape(-1, AmbientDimension));
        Tensor gradient = Derivatives.Gradient(equation(x), x);
        Tensor curvature = Curvature(gradient, Derivatives.Jacobian(gradient, x)).to(points.dtype).view([.. points.shape[..^1], 1]);
        return (differentiable ? curvature : curvature.detach()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        volume.Value.Sample(count, generator, dtype);

    /// <summary>
    /// The scalar curvature of a level set from the gradient [b, n] and the second derivatives [b, n, n] of
    /// its function: [b, 1].
    /// </summary>
    internal static Tensor Curvature(Tensor gradient, Tensor hessian)
    {
        Tensor length = gradient.Squared().sum(-1, keepdim: true).sqrt();
        Tensor normal = gradient / length;
        Tensor bent = torch.matmul(hessian, normal.unsqueeze(-1)).squeeze(-1);
        Tensor across = (normal * bent).sum(-1, keepdim: true);
        Tensor trace = (hessian.diagonal(0, -2, -1).sum(-1, keepdim: true) - across) / length;
        Tensor tangential = hessian.Squared().sum([-2, -1]).unsqueeze(-1) - (bent.Squared().sum(-1, keepdim: true) * 2) + across.Squared();
        return trace.Squared() - (tangential / length.Squared());
    }

    private static Tensor Outer(Tensor vector) => vector.unsqueeze(-1) * vector.unsqueeze(-2);

    private Tensor Closest(Tensor x) => starts.Value.Nearest(x, (rows, indices) => ClosestPoint.Descend(
        rows, starts.Value.Points.to(x.device)[indices], Step, (points, step) => OntoSurface(points + step), points => points));

    /// <summary>Newton's step along the tangent space, no longer than the surface is large.</summary>
    private Tensor Step(Tensor points, Tensor x)
    {
        (Tensor normal, Tensor stiffness) = Stiffness(points, x);
        Tensor outwards = x - points;
        Tensor along = outwards - (normal * (normal * outwards).sum(-1, keepdim: true));
        Tensor step = ClosestPoint.Solve(stiffness, along);
        return step * (radius / 2 / UnitVectors.Length(step).clamp_min(radius / 2));
    }

    /// <summary>
    /// The unit normal [b, n], and I + λ ∇²F on the tangent space and 1 across it [b, n, n]: its inverse is
    /// the derivative of the projection, and the inverse of its determinant the factor by which the
    /// projection changes volumes.
    /// </summary>
    private (Tensor Normal, Tensor Stiffness) Stiffness(Tensor points, Tensor x)
    {
        using var grad = torch.enable_grad();
        Tensor variable = Derivatives.Variable(points.detach());
        Tensor gradient = Derivatives.Gradient(equation(variable), variable);
        Tensor hessian = Derivatives.Jacobian(gradient, variable).detach();
        gradient = gradient.detach();
        Tensor squared = gradient.Squared().sum(-1, keepdim: true);
        Tensor multiplier = ((x - points) * gradient).sum(-1, keepdim: true) / squared;
        Tensor normal = gradient * squared.rsqrt();
        Tensor across = Outer(normal), along = torch.eye(AmbientDimension, dtype: x.dtype, device: x.device) - across;
        return (normal, torch.matmul(torch.matmul(along, hessian), along) * multiplier.unsqueeze(-1) + along + across);
    }

    /// <summary>Moves points along the gradient to a zero of F; NaN where no zero was found.</summary>
    private Tensor OntoSurface(Tensor x)
    {
        using var grad = torch.enable_grad();
        Tensor correction = x;
        for (int i = 0; i < Corrections && correction.abs().max().item<double>() > 1e-13 * radius; i++)
        {
            Tensor variable = Derivatives.Variable(x.detach());
            Tensor value = equation(variable);
            Tensor gradient = Derivatives.Gradient(value, variable).detach();
            correction = gradient * (value.detach().unsqueeze(-1) / gradient.Squared().sum(-1, keepdim: true));
            correction *= radius / UnitVectors.Length(correction).clamp_min(radius);
            x = x.detach() - correction;
        }
        Tensor lost = UnitVectors.Length(correction).le(1e-8 * radius).logical_not();
        return x.masked_fill(lost, double.NaN);
    }

    private StartingPoints FindStarts()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1, CPU);
        Tensor found = (torch.rand([PoolSize, AmbientDimension], ScalarType.Float64, CPU, generator: generator) * 2 - 1) * radius;
        for (int i = 0; i < 3 && found.size(0) > 0; i++)
        {
            found = OntoSurface(found);
            found = found[found.isfinite().all(-1)];
        }
        found = found[found.abs().le(radius).all(-1)];
        return found.size(0) > 0
            ? StartingPoints.From(found)
            : throw new InvalidOperationException(
                Invariant($"The equation of '{Id}' has no zeros in the cube from -{radius} to {radius}."));
    }

    private (Tensor Points, Tensor VolumeElement) WithVolumeElement(Tensor x)
    {
        Tensor points = Closest(x);
        (_, Tensor stiffness) = Stiffness(points, x);
        return (points, torch.linalg.det(stiffness).reciprocal());
    }
}
