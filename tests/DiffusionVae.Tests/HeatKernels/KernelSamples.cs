using System.Globalization;
using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

/// <summary>The kernels the tests go over, by name, each made once.</summary>
internal static class KernelSamples
{
    private static readonly Dictionary<string, RadialHeatKernel> Made = [];

    public static RadialHeatKernel Named(string name)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(name, out RadialHeatKernel? kernel))
            {
                Made[name] = kernel = Make(name);
            }

            return kernel;
        }
    }

    /// <summary>
    /// The integral of a function of the distance over the space, as far as heat has come in a time.
    /// </summary>
    public static double Integrate(RadialHeatKernel kernel, double time, Func<double, double> function)
    {
        double reach = Math.Min(kernel.Diameter, Math.Sqrt(time) * (Math.Sqrt(kernel.Dimension) + 9));
        return PanelQuadrature.Integrate(r => Math.Exp(kernel.LogAreaOfGeodesicSphere(r)) * function(r), 0, reach, panels: 24);
    }

    private static RadialHeatKernel Make(string name)
    {
        string[] parts = name.Split(':');
        return parts[0] switch
        {
            "sphere" => RadialHeatKernel.Sphere(int.Parse(parts[1], CultureInfo.InvariantCulture)),
            "projective" => new ProjectiveHeatKernel(int.Parse(parts[1], CultureInfo.InvariantCulture)),
            "so3" => new ProjectiveHeatKernel(3, 2 * Math.Sqrt(2)),
            _ => throw new ArgumentException($"No kernel is called '{name}'.", nameof(name)),
        };
    }
}
