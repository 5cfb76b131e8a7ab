namespace DiffusionVae.Tests.HeatKernels;

/// <summary>
/// The tests' own quadrature: the five-point Gauss-Legendre rule, from its closed form, on many panels.
/// </summary>
internal static class PanelQuadrature
{
    private static readonly double[] Nodes =
    [
        -Math.Sqrt(5 + (2 * Math.Sqrt(10.0 / 7))) / 3, -Math.Sqrt(5 - (2 * Math.Sqrt(10.0 / 7))) / 3, 0,
        Math.Sqrt(5 - (2 * Math.Sqrt(10.0 / 7))) / 3, Math.Sqrt(5 + (2 * Math.Sqrt(10.0 / 7))) / 3,
    ];

    private static readonly double[] Weights =
    [
        (322 - (13 * Math.Sqrt(70))) / 900, (322 + (13 * Math.Sqrt(70))) / 900, 128.0 / 225,
        (322 + (13 * Math.Sqrt(70))) / 900, (322 - (13 * Math.Sqrt(70))) / 900,
    ];

    public static double Integrate(Func<double, double> function, double from, double to, int panels)
    {
        double half = (to - from) / (2 * panels);
        double sum = 0;
        for (int panel = 0; panel < panels; panel++)
        {
            double middle = from + (((2 * panel) + 1) * half);
            for (int i = 0; i < Nodes.Length; i++)
            {
                sum += Weights[i] * function(middle + (half * Nodes[i]));
            }
        }

        return half * sum;
    }
}
