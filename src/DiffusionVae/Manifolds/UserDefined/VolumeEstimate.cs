namespace DiffusionVae.Manifolds;

/// <summary>The volume of a manifold and uniform draws from it, from its projection P.</summary>
/// <remarks>
/// Where every point within ρ of M has one closest point, what P sends to a point y of M is y with all normal
/// vectors shorter than ρ. Let k be a density of normal vectors, and J the factor by which P changes
/// d-dimensional volume. Then ∫ k(x - P(x)) J(x) dx over R^n is Vol(M) exactly (Federer's coarea formula),
/// and points P(x) are uniform on M if x is drawn in proportion to the integrand. In the plane and in space
/// the integral is a sum over a grid, which converges faster than any power of its spacing. In higher
/// dimensions, and for the draws, x comes from Gaussians about points spread evenly over M, k being the same
/// Gaussian cut off at ρ, so that the weights are nearly equal, whatever n is.
/// </remarks>
internal sealed class VolumeEstimate
{
    private const int Batch = 4096;
    private const int MostBatches = 16;
    private const int Probes = 512;
    private readonly IManifold manifold;
    private readonly Tensor centres;
    private readonly Func<Tensor, (Tensor Points, Tensor VolumeElement)> project;
    private readonly bool hasGrid;
    private readonly int batches;
    private readonly double reach;
    private readonly double width;
    private readonly double logShare;
    private double greatestWeight;

    /// <summary>Makes the estimate.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="starts">Points spread evenly over it; not owned.</param>
    /// <param name="project">From x, [b, n] and float64, to P(x) and J(x), [b].</param>
    /// <param name="byDrawsAlone">Whether a rough estimate by few draws is enough.</param>
    /// <exception cref="InvalidOperationException">
    /// Points near M have no unique closest point, or the projection finds others.
    /// </exception>
    public VolumeEstimate(
        IManifold manifold,
        StartingPoints starts,
        Func<Tensor, (Tensor Points, Tensor VolumeElement)> project,
        bool byDrawsAlone = false)
    {
        (this.manifold, centres, this.project) = (manifold, starts.Points, project);
        (hasGrid, batches) = byDrawsAlone ? (false, 2) : manifold.AmbientDimension <= 3 ? (true, 2) : (false, MostBatches);
        int codimension = manifold.AmbientDimension - manifold.Dimension;
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var generator = new Generator(2, CPU);
        reach = FindReach(generator);
        // Narrow Gaussians make for equal weights, but they have to overlap; wide ones for few points of a
        // grid.
        width = Math.Min(reach / (Math.Sqrt(codimension) + 3), hasGrid ? double.PositiveInfinity : starts.Spacing);
        Tensor within = torch.special.gammainc(
            torch.tensor(codimension / 2.0, ScalarType.Float64), torch.tensor(reach * reach / (2 * width * width), ScalarType.Float64));
        logShare = Math.Log(within.item<double>());
        (LogVolume, StandardError) = ByDraws(generator);
        if (hasGrid)
        {
            (LogVolume, StandardError) = ByGrid(starts.Spacing);
        }
    }

    /// <summary>The logarithm of the volume.</summary>
    public double LogVolume { get; }

    /// <summary>
    /// Its standard error; for a grid, half the difference between its two halves, which is more than the
    /// error of the whole.
    /// </summary>
    public double StandardError { get; }

    /// <summary>The share of draws that <see cref="Sample"/> keeps, about.</summary>
    public double Acceptance => Math.Exp(LogVolume) / greatestWeight;

    /// <summary>Draws from the uniform distribution, by rejection.</summary>
    /// <remarks>Exact but for weights above all that the estimate met.</remarks>
    public Tensor Sample(long count, Generator generator, ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return Rejection.Draw(count, manifold.AmbientDimension, generator.device, () =>
        {
            (Tensor points, Tensor weights) = Draw(generator, null);
            return points[torch.rand([Batch], ScalarType.Float64, generator.device, generator: generator).lt(weights / greatestWeight)];
        }).to(dtype).MoveToOuterDisposeScope();
    }

    private (double LogVolume, double Error) ByDraws(Generator generator)
    {
        (double sum, double squares, long count) = (0, 0, 0);
        for (int batch = 0; batch < batches; batch++)
        {
            using var scope = torch.NewDisposeScope();
            Tensor drawn = Draw(generator, (int)count).Weights;
            greatestWeight = Math.Max(greatestWeight, drawn.max().item<double>());
            // The draws on opposite sides of a centre make up for each other.
            Tensor weights = drawn.view(2, Batch / 2).mean([0]);
            sum += weights.sum().item<double>();
            squares += weights.Squared().sum().item<double>();
            count += Batch / 2;
        }
        double mean = sum / count;
        return (Math.Log(mean), Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)) / count) / mean);
    }

    /// <summary>A grid, and the same moved by half its spacing along every axis.</summary>
    private (double LogVolume, double Error) ByGrid(double spacing)
    {
        double step = 1.5 * width;
        int n = manifold.AmbientDimension;
        double[] low = (centres.min(0).values - reach).data<double>().ToArray(),
            high = (centres.max(0).values + reach).data<double>().ToArray();
        var sums = new double[2];
        for (int half = 0; half < 2; half++)
        {
            Tensor[] lines = [.. low.Zip(high, (from, to) => torch.arange(from + (half * step / 2), to, step, ScalarType.Float64))];
            Tensor grid = torch.stack([.. torch.meshgrid(lines).Select(line => line.flatten())], -1);
            foreach (Tensor part in grid.split(Batch, 0))
            {
                using var scope = torch.NewDisposeScope();
                Tensor near = part[torch.cdist(part, centres).min(-1).values.lt(reach + spacing)];
                if (near.size(0) > 0)
                {
                    (Tensor points, Tensor volumeElement) = project(near);
                    sums[half] += (LogKernel(near, points).exp() * volumeElement).sum().item<double>();
                }
            }
        }
        double cell = Math.Pow(step, n), sum = sums[0] + sums[1];
        return (Math.Log(sum * cell / 2), Math.Abs(sums[0] - sums[1]) / sum);
    }

    /// <summary>log k(x - P(x)), [b].</summary>
    private Tensor LogKernel(Tensor x, Tensor points)
    {
        Tensor squared = (x - points).Squared().sum(-1);
        Tensor logKernel = (squared / (-2 * width * width)) - LogGaussian(manifold.AmbientDimension - manifold.Dimension) - logShare;
        return logKernel.masked_fill(squared.ge(reach * reach), double.NegativeInfinity);
    }

    /// <summary>
    /// Points P(x) and the weights of the integrand against the density of x: of mean Vol(M).
    /// </summary>
    /// <param name="generator">The source of the draws.</param>
    /// <param name="first">
    /// The first centre, for those after it to follow in turn, and two draws at each, on opposite sides; null
    /// for independent draws.
    /// </param>
    private (Tensor Points, Tensor Weights) Draw(Generator generator, int? first)
    {
        (Device device, int n) = (generator.device, manifold.AmbientDimension);
        Tensor means = centres.to(device);
        Tensor which, noise;
        if (first is { } start)
        {
            which = (torch.arange(Batch / 2, device: device) + start).remainder(means.size(0)).repeat(2);
            Tensor half = torch.randn([Batch / 2, n], ScalarType.Float64, device, generator: generator);
            noise = torch.cat([half, -half], 0);
        }
        else
        {
            which = torch.randint(0, means.size(0), [Batch], ScalarType.Int64, device, generator: generator);
            noise = torch.randn([Batch, n], ScalarType.Float64, device, generator: generator);
        }
        Tensor x = means[which] + (noise * width);
        Tensor logDensity =
            (torch.cdist(x, means).Squared() / (-2 * width * width)).logsumexp(-1) - Math.Log(means.size(0)) - LogGaussian(n);
        (Tensor points, Tensor volumeElement) = project(x);
        return (points, (LogKernel(x, points) - logDensity).exp() * volumeElement);
    }

    /// <summary>(dimension/2) log(2π width²).</summary>
    private double LogGaussian(int dimension) => dimension / 2.0 * Math.Log(2 * Math.PI * width * width);

    /// <summary>
    /// A length up to which, as far as probes show, normals from M lead to points whose closest point is
    /// where they started; with some room.
    /// </summary>
    private double FindReach(Generator generator)
    {
        Tensor spread = centres - centres.mean([0]);
        double size = UnitVectors.Length(spread).max().item<double>();
        long[] some = [.. Enumerable.Range(0, Probes).Select(i => i * centres.size(0) / Probes)];
        Tensor near = centres[torch.tensor(some)]
            + (torch.randn([Probes, manifold.AmbientDimension], ScalarType.Float64, generator: generator) * (1e-3 * size));
        Tensor feet = manifold.Project(near);
        Tensor normals = UnitVectors.Normalise(near - feet);
        for (double length = size; length > 0.005 * size; length *= 0.85)
        {
            Tensor back = manifold.Project(feet + (normals * length));
            if (UnitVectors.Length(back - feet).max().item<double>() < 1e-4 * length)
            {
                return 0.8 * length;
            }
        }
        throw new InvalidOperationException(
            $"The projection of '{manifold.Id}' is not the closest-point projection onto a smooth manifold: "
            + "beside it, normals do not lead back to where they start.");
    }
}
