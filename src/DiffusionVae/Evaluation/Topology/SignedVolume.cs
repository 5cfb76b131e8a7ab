using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The degree of a smooth map as the mean of its Jacobian determinant, times the ratio of volumes: the
/// integral of the target's volume form pulled back.
/// </summary>
internal static class SignedVolume
{
    private const double Difference = 0.01;
    private const double Tolerance = 0.15;
    private static readonly int[] Nodes = [2000, 6000, 18000, 54000];

    /// <summary>
    /// Measures the degree. The quadrature is refined until two in succession come near the same whole
    /// number.
    /// </summary>
    public static MapDegree Measure(IClosedManifold from, IFramedManifold to, Func<Tensor, Tensor> map)
    {
        double ratio = Math.Exp(from.LogVolume - ((IClosedManifold)to).LogVolume);
        double previous = double.NaN, value = double.NaN;
        foreach (int nodes in Nodes)
        {
            (previous, value) = (value, ratio * MeanDeterminant(from, to, map, nodes));
            double nearest = Math.Round(value);
            if (Math.Abs(value - nearest) < Tolerance && Math.Abs(previous - nearest) < Tolerance)
            {
                return new MapDegree
                {
                    Value = (int)nearest,
                    Certainty = Certainty.Stable,
                    Basis = Invariant($"signed volume {value:0.000} from about {nodes} points, {previous:0.000} from fewer"),
                };
            }
        }
        return new MapDegree
        {
            Value = null,
            Certainty = Certainty.Undetermined,
            Basis = Invariant($"signed volume {previous:0.000}, then {value:0.000} from more points: no whole number"),
        };
    }

    private static double MeanDeterminant(IClosedManifold from, IFramedManifold to, Func<Tensor, Tensor> map, int count)
    {
        const int atOnce = 2000;
        QuadratureRule rule = ((IQuadratureManifold)from).Quadrature(Math.Exp((from.LogVolume - Math.Log(count)) / from.Dimension));
        double sum = 0;
        for (long start = 0; start < rule.Count; start += atOnce)
        {
            using var scope = torch.NewDisposeScope();
            (Tensor points, Tensor weights) = rule.Nodes(start, (int)Math.Min(atOnce, rule.Count - start));
            Tensor determinants = Jacobian.Determinants(from, to, map, points.to(ScalarType.Float32), Difference);
            sum += (determinants.to(ScalarType.Float64) * weights).sum().item<double>();
        }
        return sum;
    }
}
