namespace DiffusionVae.HeatKernels;

/// <summary>
/// The divergence of Brownian motion from the uniform distribution for short times, on any closed Riemannian manifold.
/// </summary>
public static class ShortTimeExpansion
{
    /// <summary>
    /// The coefficient of scalar curvature times time, right for every closed manifold. Three twelfths add up: the expected squared distance, the
    /// Van Vleck factor, and the first heat-kernel coefficient contribute one each.
    /// </summary>
    public const double CurvatureCoefficient = 0.25;

    /// <summary>
    /// KL = -(d/2) log(2 pi t) - d/2 + log Vol(M) + coefficient Sc t. With the coefficient 1/4 the error is O(t^2) (on the unit sphere
    /// d (d-1) (7-3d) t^2 / 144, on flat tori exponentially small). It is an expansion and no divergence: for large t it is wrong and may be
    /// negative.
    /// </summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="logVolume">log Vol(M), finite.</param>
    /// <param name="scalarCurvature">Sc at the starting point, in inverse squared length, finite.</param>
    /// <param name="time">t, in squared length, positive and finite.</param>
    /// <param name="curvatureCoefficient">The coefficient of Sc t; see <see cref="PaperCurvatureCoefficient"/> for the paper's.</param>
    /// <returns>The expansion in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Divergence(
        int dimension, double logVolume, double scalarCurvature, double time, double curvatureCoefficient = CurvatureCoefficient)
    {
        Require.AtLeast(dimension, 1);
        Require.Finite(logVolume);
        Require.Finite(scalarCurvature);
        Require.PositiveFinite(time);
        Require.Finite(curvatureCoefficient);
        return (-dimension / 2.0 * (Math.Log(2 * Math.PI * time) + 1)) + logVolume + (curvatureCoefficient * scalarCurvature * time);
    }

    /// <summary>
    /// The coefficient conjectured in the paper, (d + 4) / 24: right for d = 2 only, kept to reproduce its numbers (Perez Rey, Menkovski and
    /// Portegies, Diffusion variational autoencoders, IJCAI 2020).
    /// </summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>(d + 4) / 24.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 1.</exception>
    public static double PaperCurvatureCoefficient(int dimension) => (Require.AtLeast(dimension, 1) + 4) / 24.0;
}
