// How far is the N-step walk from Brownian motion? The table of this folder's README. WalkAccuracy [WALKS]
using System.Globalization;
using DiffusionVae.HeatKernels;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;

int walks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
const int Quantiles = 1000;
torch.set_num_threads(1);
Console.WriteLine(
    "| manifold | log t | E cos r | N = 1 | N = 3 | N = 10 | N = 30 | largest gap of the distributions of r, N = 1 | 3 | 10 | 30 |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
foreach (string id in new[] { "sphere:1", "sphere:2", "sphere:3" })
{
    foreach (double logTime in new[] { -5.0, -3.75, -2.0, 0.0 })
    {
        Print(id, logTime);
    }
}

void Print(string id, double logTime)
{
    var sphere = (Sphere)ManifoldCatalogue.Parse(id);
    double expected = sphere.HeatKernel.MeanCosine(Math.Exp(logTime));
    RadialDistribution exact = sphere.HeatKernel.At(Math.Exp(logTime));
    double[] quantiles = [.. Enumerable.Range(1, Quantiles - 1).Select(i => exact.Quantile((double)i / Quantiles))];
    List<string> cosines = [], gaps = [];
    foreach (int steps in new[] { 1, 3, 10, 30 })
    {
        double[] distances = Walk(sphere, logTime, steps);
        cosines.Add(FormattableString.Invariant($"{distances.Average(Math.Cos) - expected:+0.00000;-0.00000}"));
        gaps.Add(FormattableString.Invariant($"{Gap(distances, quantiles):0.0000}"));
    }
    Console.WriteLine(FormattableString.Invariant(
        $"| {id} | {logTime} | {expected:0.00000} | {string.Join(" | ", cosines)} | {string.Join(" | ", gaps)} |"));
}

double[] Walk(Sphere sphere, double logTime, int steps)
{
    using var scope = torch.NewDisposeScope();
    using var generator = new torch.Generator(1);
    using var walk = new RandomWalk(sphere, steps, generator);
    torch.Tensor start = sphere.Project(torch.ones(walks, sphere.AmbientDimension, torch.float64));
    torch.Tensor end = walk.forward(start, torch.full([walks, 1], logTime, torch.float64));
    return [.. sphere.Distance(start, end).data<double>().ToArray().Order()];
}

// Kolmogorov's distance of the walks from the exact distribution, as seen at its quantiles.
static double Gap(double[] sorted, double[] quantiles)
{
    double gap = 0;
    for (int i = 0; i < quantiles.Length; i++)
    {
        int below = Array.BinarySearch(sorted, quantiles[i]);
        gap = Math.Max(gap, Math.Abs(((below < 0 ? ~below : below) / (double)sorted.Length) - ((i + 1.0) / Quantiles)));
    }
    return gap;
}
