namespace DiffusionVae.HeatKernels;

/// <summary>
/// The intrinsic geometry of the ring torus with tube radius 1: the metric du² + (a + cos u)² dv².
/// </summary>
/// <remarks>
/// A torus with core radius R and tube radius r has a = R/r when lengths are in units of r and times in units
/// of r². Every function here depends on u alone and is even in u.
/// </remarks>
/// <param name="Ratio">a = R/r, more than 1.</param>
internal readonly record struct RingTorusShape(double Ratio)
{
    /// <summary>The area 4π²a.</summary>
    public double Area => 4 * Math.PI * Math.PI * Ratio;

    /// <summary>The distance from the axis, w = a + cos u, which is also the area element.</summary>
    public double Width(double u) => Ratio + Math.Cos(u);

    /// <summary>The Gauss curvature K = cos u / w.</summary>
    public double Curvature(double u) => Math.Cos(u) / Width(u);

    /// <summary>The Laplacian of the curvature, (w K')' / w = -a (1 + a cos u) / w³.</summary>
    public double CurvatureLaplacian(double u)
    {
        double w = Width(u);
        return -Ratio * (1 + (Ratio * Math.Cos(u))) / (w * w * w);
    }

    /// <summary>The squared gradient of the curvature, (a sin u)² / w⁴.</summary>
    public double CurvatureGradientSquared(double u)
    {
        double w = Width(u);
        double gradient = Ratio * Math.Sin(u) / (w * w);
        return gradient * gradient;
    }

    /// <summary>The Laplacian of the Laplacian of the curvature.</summary>
    /// <remarks>
    /// From K = 1 - a/w and, with s² = a² - 1, Δ w^p = p (-p s² w^(p-2) + (2p+1) a w^(p-1) - (p+1) w^p).
    /// </remarks>
    public double CurvatureBilaplacian(double u)
    {
        double a = Ratio;
        double s2 = (a - 1) * (a + 1);
        double w = Width(u);
        double bracket = (2 * a) - ((6 * ((a * a) + s2)) / w) + (19 * a * s2 / (w * w)) - (9 * s2 * s2 / (w * w * w));
        return a / (w * w) * bracket;
    }
}
