using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>A quadrature rule in one coordinate.</summary>
public sealed class QuadratureAxis
{
    private readonly double[] nodes;
    private readonly double[] weights;

    /// <summary>Creates the rule from positive weights, which are scaled to sum to one.</summary>
    /// <param name="nodes">Values of the coordinate, at least one.</param>
    /// <param name="weights">As many positive numbers.</param>
    /// <exception cref="ArgumentException">
    /// There are no nodes, or not as many weights, or one of these is not positive.
    /// </exception>
    public QuadratureAxis(IReadOnlyList<double> nodes, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(weights);
        if (nodes.Count == 0 || nodes.Count != weights.Count || weights.Any(weight => !(weight > 0)))
        {
            throw new ArgumentException(
                Invariant($"A rule needs nodes and as many positive weights; there are {nodes.Count} and {weights.Count}."),
                nameof(weights));
        }
        double sum = weights.Sum();
        this.nodes = [.. nodes];
        this.weights = [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>Values of the coordinate.</summary>
    public IReadOnlyList<double> Nodes => nodes;

    /// <summary>Positive, of sum one.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>
    /// The trapezoidal rule on a period, or on an interval at whose ends the weight vanishes: nodes evenly
    /// spaced.
    /// </summary>
    /// <param name="from">Where the interval starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="spacing">The greatest distance of neighbouring nodes.</param>
    /// <param name="weight">The weight function; 1 by default.</param>
    public static QuadratureAxis Trapezoid(double from, double to, double spacing, Func<double, double>? weight = null)
    {
        int count = Count(to - from, spacing);
        double[] nodes = [.. Enumerable.Range(0, count).Select(i => from + ((i + 0.5) * (to - from) / count))];
        return new QuadratureAxis(nodes, [.. nodes.Select(weight ?? (_ => 1))]);
    }

    /// <summary>The cosine x of a polar angle θ under the weight sin^m θ dθ.</summary>
    /// <remarks>
    /// dθ sin^m θ = dx (1-x²)^((m-1)/2): a polynomial times the weight of Gauss and Legendre where m is odd,
    /// and times that of Gauss and Chebyshev (second kind, sqrt(1-x²)) where m is even.
    /// </remarks>
    /// <param name="power">m, at least 1.</param>
    /// <param name="spacing">The greatest distance of neighbouring angles, about.</param>
    public static QuadratureAxis PolarCosine(int power, double spacing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(power, 1);
        int count = Count(Math.PI, spacing);
        if (int.IsOddInteger(power))
        {
            var rule = new GaussLegendre(count);
            return new QuadratureAxis(rule.Nodes, [.. rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Pow(1 - (x * x), (power - 1) / 2))]);
        }
        double[] angles = [.. Enumerable.Range(1, count).Select(i => i * Math.PI / (count + 1))];
        return new QuadratureAxis([.. angles.Select(Math.Cos)], [.. angles.Select(angle => Math.Pow(Math.Sin(angle), power))]);
    }

    private static int Count(double length, double spacing)
    {
        if (!(spacing > 0 && double.IsFinite(spacing)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(spacing), spacing, "The spacing of a quadrature rule must be positive and finite.");
        }
        return (int)Math.Clamp(Math.Ceiling(length / spacing), 4, int.MaxValue);
    }
}
