namespace DiffusionVae.Manifolds;

/// <summary>
/// A check in progress: the manifold, points of it, the source of further ones, and the faults found so far.
/// </summary>
internal sealed class ManifoldCheck : IDisposable
{
    /// <summary>The precisions in which values are checked.</summary>
    public static readonly ScalarType[] Precisions = [ScalarType.Float32, ScalarType.Float64];

    /// <summary>How many standard errors a mean may be off.</summary>
    public const double Sigmas = 6;

    private const int PoolSize = 8192;

    /// <summary>How many points walk over M, and how often, before they are multiplied.</summary>
    private const int Walkers = 2048;
    private const int Walk = 12;

    /// <summary>
    /// Lengths of the first points in units of the size: near ones are closest to inner parts of M, far ones
    /// to outer parts.
    /// </summary>
    private static readonly double[] Scales = [0.25, 1, 4, 16];

    private readonly List<string> faults = [];

    /// <summary>Begins to check.</summary>
    public ManifoldCheck(IManifold manifold, int seed)
    {
        Manifold = manifold;
        Generator = new Generator((ulong)seed, CPU);
    }

    /// <summary>The manifold.</summary>
    public IManifold Manifold { get; }

    /// <summary>The source of points.</summary>
    public Generator Generator { get; }

    /// <summary>A sentence for each fault.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>
    /// The root mean square of a coordinate of points of M, about: what lengths are compared with.
    /// </summary>
    public double Size { get; private set; } = 1;

    /// <summary>Points all over M, float64, [8192, n].</summary>
    public Tensor Pool { get; private set; } = torch.empty(0).DetachFromDisposeScope();

    /// <summary>The greatest deviation that is no fault, in length units.</summary>
    public double Tolerance(ScalarType dtype) => (dtype == ScalarType.Float32 ? 1e-4 : 1e-6) * Size;

    /// <summary>Makes the pool and finds the size.</summary>
    /// <remarks>
    /// Projected noise alone lies densely where M is near the origin, and leaves out what is far. So the
    /// points then walk over M. Steps along M and projections are Brownian motion, about, and spread points
    /// evenly.
    /// </remarks>
    public void Survey()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        if (Manifold is IVectorSpace)
        {
            Pool.Dispose();
            Pool = Manifold.Project(Noise(PoolSize)).DetachFromDisposeScope();
            return;
        }
        Tensor scales = torch.tensor(Scales, ScalarType.Float64).repeat(Walkers / Scales.Length).unsqueeze(-1);
        Tensor pool = Noise(Walkers);
        for (int round = 0; round < 3; round++)
        {
            pool = Manifold.Project(Noise(Walkers) * scales * Size);
            Size = pool.Squared().mean().sqrt().item<double>();
        }
        for (int step = 0; step < Walk; step++)
        {
            pool = Manifold.Project(pool + (Noise(Walkers) * (0.5 * Size)));
        }
        pool = Manifold.Project(pool.repeat(PoolSize / Walkers, 1) + (Noise(PoolSize) * (0.25 * Size)));
        Pool.Dispose();
        Pool = pool.DetachFromDisposeScope();
    }

    /// <summary>Some points of the pool, [count, n].</summary>
    public Tensor Points(int count) => Pool[torch.randint(0, Pool.size(0), [count], ScalarType.Int64, CPU, generator: Generator)];

    /// <summary>Normal vectors of R^n, [count, n], float64.</summary>
    public Tensor Noise(int count) => torch.randn([count, Manifold.AmbientDimension], ScalarType.Float64, CPU, generator: Generator);

    /// <summary>Reports a fault where something is not so.</summary>
    /// <returns>Whether it is so.</returns>
    public bool Require(bool holds, FormattableString fault)
    {
        if (!holds)
        {
            faults.Add(Invariant(fault));
        }
        return holds;
    }

    /// <summary>Reports a fault where a number exceeds a limit, or is none.</summary>
    public bool RequireAtMost(double limit, double found, FormattableString fault) => Require(found <= limit, fault);

    /// <summary>
    /// Reports a fault where a tensor has another shape, another type, or entries that are not finite.
    /// </summary>
    public bool RequireForm(Tensor found, long[] shape, ScalarType dtype, string what) =>
        Require(found.shape.SequenceEqual(shape), $"{what} has the shape [{Text(found.shape)}]; it should be [{Text(shape)}].")
        && Require(found.dtype == dtype, $"{what} is {found.dtype}; it should be {dtype}.")
        && Require(
            found.isfinite().all().item<bool>(),
            $"{what} has {(~found.isfinite()).sum().item<long>()} entries that are not finite.");

    /// <summary>Runs a check in a scope of its own; an exception of the manifold is a fault.</summary>
    /// <param name="what">The member that is checked.</param>
    /// <param name="check">The check; it returns whether it found no fault.</param>
    public bool Try(string what, Func<bool> check)
    {
        using var own = torch.NewDisposeScope();
        try
        {
            return check();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Require(false, $"{what} ended with {exception.GetType().Name}: {exception.Message.Split('\n')[0]}");
        }
    }

    /// <summary>The greatest absolute entry.</summary>
    public static double Greatest(Tensor tensor) =>
        tensor.numel() == 0 ? 0 : tensor.detach().abs().max().to(ScalarType.Float64).item<double>();

    /// <inheritdoc/>
    public void Dispose()
    {
        Generator.Dispose();
        Pool.Dispose();
    }

    private static string Text(long[] shape) => string.Join(", ", shape);
}
