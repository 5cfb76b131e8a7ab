namespace DiffusionVae.Manifolds;

/// <summary>
/// The volume of the image of a box: the integral of the volume element by the midpoint rule, refined until
/// it no longer changes.
/// </summary>
internal static class BoxVolume
{
    private const int FewestNodes = 16;
    private const int MostNodes = 1 << 20;
    private const int Piece = 1 << 14;
    private const double Wanted = 1e-12;

    /// <summary>Computes the integral.</summary>
    /// <param name="axes">The box, d bounded intervals.</param>
    /// <param name="volumeElement">
    /// From parameters, [b, d] and float64, to the factor by which volume changes there, [b].
    /// </param>
    /// <returns>
    /// The logarithm of the integral, how much the last refinement changed it, and the greatest element met.
    /// </returns>
    public static (double LogVolume, double Error, double Greatest) Measure(ChartAxis[] axes, Func<Tensor, Tensor> volumeElement)
    {
        double size = axes.Aggregate(1.0, (product, axis) => product * (axis.High - axis.Low));
        (double logVolume, double error, double greatest) = (double.NaN, double.PositiveInfinity, 0);
        for (int nodes = FewestNodes; !(error < Wanted) && Math.Pow(nodes, axes.Length) <= MostNodes; nodes *= 2)
        {
            QuadratureAxis Rule(ChartAxis axis) => QuadratureAxis.Trapezoid(axis.Low, axis.High, (axis.High - axis.Low) / nodes);
            (double sum, double most) = Elements([.. axes.Select(Rule)], volumeElement);
            double finer = Math.Log(sum * size / Math.Pow(nodes, axes.Length));
            error = double.IsNaN(logVolume) ? error : Math.Abs(finer - logVolume);
            (logVolume, greatest) = (finer, Math.Max(greatest, most));
        }
        return (logVolume, error, greatest);
    }

    /// <summary>The sum and the greatest of the volume element over all nodes.</summary>
    private static (double Sum, double Greatest) Elements(IReadOnlyList<QuadratureAxis> rules, Func<Tensor, Tensor> volumeElement)
    {
        var grid = new QuadratureRule(rules, parameters => parameters.alias());
        (double sum, double greatest) = (0, 0);
        for (long start = 0; start < grid.Count; start += Piece)
        {
            using var scope = torch.NewDisposeScope();
            Tensor elements = volumeElement(grid.Nodes(start, (int)Math.Min(Piece, grid.Count - start)).Points);
            sum += elements.sum().item<double>();
            greatest = Math.Max(greatest, elements.max().item<double>());
        }
        return (sum, greatest);
    }
}
