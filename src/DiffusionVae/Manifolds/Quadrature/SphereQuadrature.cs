namespace DiffusionVae.Manifolds;

/// <summary>
/// Quadrature on the unit sphere S^d: Gauss rules in the cosines of polar angles, and the trapezoidal rule
/// round the circle.
/// </summary>
internal static class SphereQuadrature
{
    /// <summary>The rule.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="spacing">The greatest distance of neighbouring nodes, about.</param>
    /// <param name="evenOnly">
    /// For integrands that are the same at p and -p: one node of each such pair, which is half a turn of the
    /// circle.
    /// </param>
    public static QuadratureRule Rule(int dimension, double spacing, bool evenOnly = false)
    {
        var circle = QuadratureAxis.Trapezoid(0, evenOnly ? Math.PI : 2 * Math.PI, spacing);
        IEnumerable<QuadratureAxis> polar = Enumerable.Range(1, dimension - 1).Select(power => QuadratureAxis.PolarCosine(power, spacing));
        return new QuadratureRule([circle, .. polar], Points);
    }

    /// <summary>
    /// From the angle on the circle and the cosines of the polar angles outwards: p ← (sin θ p, cos θ).
    /// </summary>
    private static Tensor Points(Tensor coordinates)
    {
        Tensor[] each = coordinates.split(1, -1);
        Tensor point = torch.cat([each[0].cos(), each[0].sin()], -1);
        foreach (Tensor cosine in each[1..])
        {
            point = torch.cat([(1 - cosine.Squared()).sqrt() * point, cosine], -1);
        }
        return point;
    }
}
