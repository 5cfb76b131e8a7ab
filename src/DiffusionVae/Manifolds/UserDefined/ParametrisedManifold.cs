namespace DiffusionVae.Manifolds;

/// <summary>A user-defined closed manifold, given by parameters: all points φ(u), u in a box.</summary>
/// <remarks>
/// <code>
/// ChartAxis u = new("u", -Math.PI, Math.PI, IsPeriodic: true), v = u with { Name = "v" };
/// var torus = new ParametrisedManifold("mine", 4, [u, v], p => torch.cat([p.cos(), p.sin()], -1));
/// </code>
/// The formula of φ is enough: its derivatives come from automatic differentiation. φ must be smooth, also
/// beyond the box, and its derivative must have full rank except on a set of volume zero.
/// </remarks>
public sealed class ParametrisedManifold : IChartedManifold, IQuadratureManifold, IUserCode
{
    private const int PoolSize = 1 << 13;
    private readonly ChartAxis[] axes;
    private readonly Func<Tensor, Tensor> map;
    private readonly Func<Tensor, Tensor> wrap;
    private readonly Lazy<(StartingPoints Points, Tensor Parameters, double[] Lengths)> starts;
    private readonly Lazy<(double LogVolume, double Error, double Greatest)> volume;

    /// <summary>Creates the manifold.</summary>
    /// <param name="id">A name for it.</param>
    /// <param name="ambientDimension">n, more than there are parameters.</param>
    /// <param name="axes">
    /// The box, an axis for each of the d parameters. It covers each point of M once, except on a set of
    /// volume zero.
    /// </param>
    /// <param name="map">
    /// φ, from [b, d] to [b, n], made of differentiable operations, each row by itself.
    /// </param>
    /// <param name="wrap">
    /// From parameters outside the box to those of the same points inside, [b, d]. Null if the periodic axes
    /// are enough.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no axes, or one of them is not a bounded interval.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">n is not more than d.</exception>
    public ParametrisedManifold(
        string id, int ambientDimension, IReadOnlyList<ChartAxis> axes, Func<Tensor, Tensor> map, Func<Tensor, Tensor>? wrap = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(map);
        if (axes.Count == 0 || axes.Any(axis => !(axis.High > axis.Low && double.IsFinite(axis.High - axis.Low))))
        {
            throw new ArgumentException("The parameters need a box: one or more bounded intervals.", nameof(axes));
        }
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ambientDimension, axes.Count);
        (Id, AmbientDimension, this.axes, this.map) = (id, ambientDimension, [.. axes], map);
        this.wrap = parameters => Periodic(wrap is null ? parameters : wrap(parameters));
        starts = new(FindStarts);
        volume = new(() => BoxVolume.Measure(this.axes, VolumeElement));
        Charts = axes.Count <= 3 ? [Chart.Box(this.axes, ambientDimension, ToParameters, FromParameters)] : [];
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public int Dimension => axes.Length;

    /// <inheritdoc/>
    public int AmbientDimension { get; }

    /// <inheritdoc/>
    /// <remarks>The box of the parameters, up to three; neither lengths nor areas are those of M.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// The integral of sqrt det(Dφᵀ Dφ) by the midpoint rule, refined until it no longer changes; see
    /// <see cref="LogVolumeError"/>.
    /// </remarks>
    public double LogVolume => volume.Value.LogVolume;

    /// <summary>
    /// By how much the last refinement changed <see cref="LogVolume"/>. The divergence of every image may be
    /// off by as many nats.
    /// </summary>
    public double LogVolumeError => volume.Value.Error;

    /// <summary>The points of given parameters.</summary>
    /// <param name="parameters">[..., d], inside the box or not.</param>
    /// <returns>[..., n].</returns>
    public Tensor FromParameters(Tensor parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = torch.NewDisposeScope();
        return map(parameters.reshape(-1, Dimension)).view([.. parameters.shape[..^1], AmbientDimension]).MoveToOuterDisposeScope();
    }

    /// <summary>The parameters of the points closest to given ones; not differentiable.</summary>
    /// <param name="points">[..., n].</param>
    /// <returns>[..., d], in the box.</returns>
    public Tensor ToParameters(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        Tensor rows = points.detach().to(ScalarType.Float64).reshape(-1, AmbientDimension);
        Tensor parameters = rows.size(0) == 0 ? torch.zeros(0, Dimension) : wrap(Closest(rows));
        return parameters.to(points.dtype).view([.. points.shape[..^1], Dimension]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Newton's iteration for the least |φ(u) - x|², in double precision, from the nearest of a thousand
    /// points of M. The gradient is that of the implicit function. Differentiable once.
    /// A second derivative lacks, without an error, what goes through it.
    /// </remarks>
    public Tensor Project(Tensor x) => ClosestPoint.Project(x, rows =>
    {
        Tensor parameters = Closest(rows);
        return (map(parameters), () =>
        {
            (Tensor jacobian, Tensor change) = Change(parameters, rows);
            return torch.matmul(jacobian, change);
        });
    });

    /// <inheritdoc/>
    /// <remarks>
    /// By Gauss' equation from the second fundamental form, the normal part of ∂²φ/∂u_i∂u_j, and the first
    /// one, g = Dφᵀ Dφ: Sc = |g^ij II_ij|² - g^ik g^jl II_ij · II_kl.
    /// </remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        bool differentiable = points.requires_grad && torch.is_grad_enabled();
        Tensor rows = points.to(ScalarType.Float64).reshape(-1, AmbientDimension);
        Tensor parameters = Closest(rows.detach());
        if (differentiable)
        {
            parameters = parameters.detach() + Derivatives.Attach(Change(parameters, rows.detach()).Change, rows);
        }
        using var grad = torch.enable_grad();
        Tensor curvature = Curvature(Derivatives.Variable(parameters)).to(points.dtype).view([.. points.shape[..^1], 1]);
        return (differentiable ? curvature : curvature.detach()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// By rejection of parameters in proportion to the volume element, whose greatest value is that on a fine
    /// grid.
    /// </remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        long draws = Rejection.BatchSize(count, most: PoolSize);
        return Rejection.Draw(count, AmbientDimension, generator.device, () =>
        {
            Tensor parameters = AnyParameters(draws, generator);
            Tensor threshold = VolumeElement(parameters) / (1.001 * volume.Value.Greatest);
            Tensor kept = torch.rand([draws], ScalarType.Float64, generator.device, generator: generator).lt(threshold);
            return map(parameters[kept]);
        }).to(dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The midpoint rule along every axis, with the volume element as weight.</remarks>
    public QuadratureRule Quadrature(double spacing)
    {
        double[] lengths = starts.Value.Lengths;
        QuadratureAxis Rule(ChartAxis axis, double length) =>
            QuadratureAxis.Trapezoid(axis.Low, axis.High, spacing * (axis.High - axis.Low) / length);
        return new QuadratureRule([.. axes.Zip(lengths, Rule)], map, VolumeElement);
    }

    private Tensor Closest(Tensor x)
    {
        (StartingPoints points, Tensor parameters, _) = starts.Value;
        return points.Nearest(x, (rows, indices) => ClosestPoint.Descend(
            rows, parameters.to(x.device)[indices], Step, (u, step) => u + step, map));
    }

    private Tensor Step(Tensor parameters, Tensor x)
    {
        (Tensor gradient, Tensor hessian) = HalfSquaredDistance(parameters, x);
        return -ClosestPoint.Solve(hessian, gradient);
    }

    /// <summary>Dφ, [b, n, d], and the derivative of the closest parameters by x, [b, d, n].</summary>
    private (Tensor Jacobian, Tensor Change) Change(Tensor parameters, Tensor x)
    {
        Tensor jacobian = Jacobian(parameters);
        return (jacobian, torch.matmul(ClosestPoint.Inverse(HalfSquaredDistance(parameters, x).Hessian), jacobian.transpose(-2, -1)));
    }

    private (Tensor Gradient, Tensor Hessian) HalfSquaredDistance(Tensor parameters, Tensor x)
    {
        using var grad = torch.enable_grad();
        Tensor u = Derivatives.Variable(parameters.detach());
        Tensor gradient = Derivatives.Gradient((map(u) - x).Squared().sum(-1) / 2, u);
        return (gradient.detach(), Derivatives.Jacobian(gradient, u).detach());
    }

    private Tensor Jacobian(Tensor parameters)
    {
        using var grad = torch.enable_grad();
        Tensor u = Derivatives.Variable(parameters.detach());
        return Derivatives.Jacobian(map(u), u).detach();
    }

    private Tensor VolumeElement(Tensor parameters)
    {
        Tensor jacobian = Jacobian(parameters);
        return torch.linalg.det(torch.matmul(jacobian.transpose(-2, -1), jacobian)).clamp_min(0).sqrt();
    }

    /// <summary>Sc at parameters, [b, d] to [b, 1].</summary>
    private Tensor Curvature(Tensor u)
    {
        Tensor jacobian = Derivatives.Jacobian(map(u), u); // [b, n, d]
        Tensor second = torch.stack([.. jacobian.unbind(-1).Select(column => Derivatives.Jacobian(column, u))], -1); // ∂²φ, [b, n, d, d]
        Tensor inverse = torch.linalg.inv(torch.matmul(jacobian.transpose(-2, -1), jacobian)); // g⁻¹, [b, d, d]
        Tensor flat = second.flatten(-2, -1); // [b, n, d²]
        Tensor tangent = torch.matmul(jacobian, torch.matmul(inverse, torch.matmul(jacobian.transpose(-2, -1), flat)));
        Tensor bend = torch.matmul(inverse.unsqueeze(1), (flat - tangent).view(second.shape)); // g⁻¹ II, [b, n, d, d]
        Tensor trace = bend.diagonal(0, -2, -1).sum(-1); // [b, n]
        Tensor squares = (bend * bend.transpose(-2, -1)).sum([-2, -1]); // [b, n]
        return (trace.Squared() - squares).sum(-1, keepdim: true);
    }

    private (StartingPoints Points, Tensor Parameters, double[] Lengths) FindStarts()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1, CPU);
        Tensor pool = AnyParameters(PoolSize, generator);
        double[] speeds = Jacobian(pool).Squared().sum([1]).max(0).values.sqrt().data<double>().ToArray();
        var points = StartingPoints.From(map(pool).contiguous());
        Tensor parameters = pool[torch.tensor(points.Chosen.ToArray())].DetachFromDisposeScope();
        return (points, parameters, [.. axes.Zip(speeds, (axis, speed) => speed * (axis.High - axis.Low))]);
    }

    private Tensor AnyParameters(long count, Generator generator)
    {
        Tensor low = torch.tensor(axes.Select(axis => axis.Low).ToArray(), device: generator.device);
        Tensor high = torch.tensor(axes.Select(axis => axis.High).ToArray(), device: generator.device);
        return low + (torch.rand([count, Dimension], ScalarType.Float64, generator.device, generator: generator) * (high - low));
    }

    private Tensor Periodic(Tensor parameters)
    {
        static Tensor Within(ChartAxis axis, Tensor values) =>
            axis.IsPeriodic ? (values - axis.Low).remainder(axis.High - axis.Low) + axis.Low : values;
        return torch.stack([.. axes.Zip(parameters.unbind(-1), Within)], -1);
    }
}
