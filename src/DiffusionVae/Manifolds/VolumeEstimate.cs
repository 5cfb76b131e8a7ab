namespace DiffusionVae.Manifolds;

/// <summary>The volume of a manifold and uniform draws from it, by Monte Carlo from its projection P.</summary>
/// <remarks>
/// Where every point within ρ of M has one closest point, what P sends to a point y of M is y with all normal vectors shorter than ρ. Let k be a density of normal vectors, and J the
/// factor by which P changes d-dimensional volume. Then ∫ k(x - P(x)) J(x) dx over R^n is Vol(M) exactly (Federer's coarea formula), and points P(x) are uniform on M if x is drawn in proportion to the integrand.
/// Here x is drawn from Gaussians about points spread evenly over M, k being the same Gaussian cut off at ρ, so that the weights are nearly equal, whatever n is.
/// </remarks>
internal sealed class VolumeEstimate
{
    private const int Batch = 4096;
    private const int MostBatches = 64;
    private const int Probes = 512;
    private const double Wanted = 2e-4;
    private readonly IManifold manifold;
    private readonly Tensor centres;
    private readonly Func<Tensor, (Tensor Points, Tensor VolumeElement)> project;
    private readonly double reach;
    private readonly double width;
    private readonly double logShare;
    private readonly double greatestWeight;

    /// <summary>Makes the estimate.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="centres">Points spread evenly over it, [count, n], float64; not owned.</param>
    /// <param name="project">From x, [b, n] and float64, to P(x) and J(x), [b].</param>
    /// <exception cref="InvalidOperationException">Points near M have no unique closest point, or the projection finds others.</exception>
    public VolumeEstimate(IManifold manifold, Tensor centres, Func<Tensor, (Tensor Points, Tensor VolumeElement)> project)
    {
        (this.manifold, this.centres, this.project) = (manifold, centres, project);
        int codimension = manifold.AmbientDimension - manifold.Dimension;
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var generator = new Generator(2, CPU);
        reach = FindReach(generator);
        width = reach / (Math.Sqrt(codimension) + 3);
        Tensor within = torch.special.gammainc(torch.tensor(codimension / 2.0, ScalarType.Float64), torch.tensor(reach * reach / (2 * width * width), ScalarType.Float64));
        logShare = Math.Log(within.item<double>());
        (double sum, double squares, long count) = (0, 0, 0);
        do
        {
            using var step = torch.NewDisposeScope();
            Tensor weights = Draw(generator, (int)count).Weights;
            sum += weights.sum().item<double>();
            squares += weights.Squared().sum().item<double>();
            count += Batch;
            greatestWeight = Math.Max(greatestWeight, weights.max().item<double>());
            double mean = sum / count;
            (LogVolume, StandardError) = (Math.Log(mean), Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)) / count) / mean);
        }
        while (StandardError > Wanted && count < Batch * MostBatches);
    }

    /// <summary>The logarithm of the volume.</summary>
    public double LogVolume { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>Draws from the uniform distribution, by rejection.</summary>
    /// <remarks>Exact but for weights above all that the estimate met.</remarks>
    public Tensor Sample(long count, Generator generator, ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        List<Tensor> accepted = [torch.empty([0, manifold.AmbientDimension], ScalarType.Float64, generator.device)];
        for (long have = 0; have < count; have += accepted[^1].size(0))
        {
            (Tensor points, Tensor weights) = Draw(generator, null);
            accepted.Add(points[torch.rand([Batch], ScalarType.Float64, generator.device, generator: generator).lt(weights / greatestWeight)]);
        }
        return torch.cat(accepted, 0).narrow(0, 0, count).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Points P(x) and the weights of the integrand against the density of x: of mean Vol(M).</summary>
    /// <param name="generator">The source of the draws.</param>
    /// <param name="first">The first centre, for those after it to follow in turn; null to take any.</param>
    private (Tensor Points, Tensor Weights) Draw(Generator generator, int? first)
    {
        (Device device, int n) = (generator.device, manifold.AmbientDimension);
        Tensor means = centres.to(device);
        Tensor which = first is { } start
            ? (torch.arange(Batch, device: device) + start).remainder(means.size(0))
            : torch.randint(0, means.size(0), [Batch], ScalarType.Int64, device, generator: generator);
        Tensor x = means[which] + (torch.randn([Batch, n], ScalarType.Float64, device, generator: generator) * width);
        Tensor logDensity = (torch.cdist(x, means).Squared() / (-2 * width * width)).logsumexp(-1) - Math.Log(means.size(0)) - LogGaussian(n);
        (Tensor points, Tensor volumeElement) = project(x);
        Tensor squared = (x - points).Squared().sum(-1);
        Tensor logKernel = (squared / (-2 * width * width)) - LogGaussian(n - manifold.Dimension) - logShare;
        Tensor weights = (logKernel - logDensity).exp() * volumeElement;
        return (points, weights.masked_fill(squared.ge(reach * reach), 0));
    }

    /// <summary>(dimension/2) log(2π width²).</summary>
    private double LogGaussian(int dimension) => dimension / 2.0 * Math.Log(2 * Math.PI * width * width);

    /// <summary>A length up to which, as far as probes show, normals from M lead to points whose closest point is where they started; with some room.</summary>
    private double FindReach(Generator generator)
    {
        Tensor spread = centres - centres.mean([0]);
        double size = UnitVectors.Length(spread).max().item<double>();
        long[] some = [.. Enumerable.Range(0, Probes).Select(i => i * centres.size(0) / Probes)];
        Tensor near = centres[torch.tensor(some)] + (torch.randn([Probes, manifold.AmbientDimension], ScalarType.Float64, generator: generator) * (1e-3 * size));
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
            $"The projection of '{manifold.Id}' is not the closest-point projection onto a smooth manifold: beside it, normals do not lead back to where they start.");
    }
}
