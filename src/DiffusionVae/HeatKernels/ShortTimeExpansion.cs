namespace DiffusionVae.HeatKernels;

/// <summary>
/// The divergence of Brownian motion from the uniform distribution for short times, on any closed Riemannian
/// manifold.
/// </summary>
internal static class ShortTimeExpansion
{
    /// <summary>
    /// The coefficient of Sc t, scalar curvature times time, correct for every closed manifold. It is the sum
    /// of three twelfths: one from the expected squared distance, one from the Van Vleck factor, one from the
    /// first heat-kernel coefficient.
    /// </summary>
    public const double CurvatureCoefficient = 0.25;

    /// <summary>
    /// KL = -(d/2) log(2πt) - d/2 + log Vol(M) + coefficient · Sc · t. With the coefficient 1/4 the error is
    /// O(t²): on the unit sphere it is d (d - 1) (7 - 3d) t² / 144, on flat tori it is exponentially small.
    /// This is an expansion, not a divergence: for large t it is wrong and may be negative.
    /// </summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="logVolume">log Vol(M), finite.</param>
    /// <param name="scalarCurvature">Sc at the starting point, in inverse squared length, finite.</param>
    /// <param name="time">t, in squared length, positive and finite.</param>
    /// <param name="curvatureCoefficient">The coefficient of Sc t; see
    /// <see cref="PaperCurvatureCoefficient"/> for the paper's.</param>
    /// <returns>The expansion in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Divergence(
        int dimension, double logVolume, double scalarCurvature, double time, double curvatureCoefficient = CurvatureCoefficient)
    {
        Guard.AtLeast(dimension, 1);
        Guard.Finite(logVolume);
        Guard.Finite(scalarCurvature);
        Guard.PositiveFinite(time);
        Guard.Finite(curvatureCoefficient);
        return (-dimension / 2.0 * (Math.Log(2 * Math.PI * time) + 1)) + logVolume + (curvatureCoefficient * scalarCurvature * time);
    }

    /// <summary>
    /// The size of the term that comes next, |7 - 3d| (Sc t)² / (144 d (d - 1)): exact where all sectional
    /// curvatures are equal, as on spheres, and of the right order elsewhere. Once it is not small beside the
    /// expansion, the expansion does not hold.
    /// </summary>
    /// <param name="dimension">d, at least 1. For d = 1 there is no curvature, and the term is 0.</param>
    /// <param name="scalarCurvature">Sc, in inverse squared length, finite.</param>
    /// <param name="time">t, in squared length, positive and finite.</param>
    /// <returns>Nats, at least 0.</returns>
    public static double NextTerm(int dimension, double scalarCurvature, double time)
    {
        Guard.AtLeast(dimension, 1);
        Guard.Finite(scalarCurvature);
        Guard.PositiveFinite(time);
        double relative = scalarCurvature * time;
        return dimension == 1 ? 0 : Math.Abs(7 - (3 * dimension)) * relative * relative / (144.0 * dimension * (dimension - 1));
    }

    /// <summary>
    /// The coefficient that the paper conjectures, (d + 4) / 24. It is correct for d = 2 only, and serves to
    /// reproduce the paper's numbers (Perez Rey, Menkovski and Portegies, Diffusion variational autoencoders,
    /// IJCAI 2020).
    /// </summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>(d + 4) / 24.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 1.</exception>
    public static double PaperCurvatureCoefficient(int dimension) => (Guard.AtLeast(dimension, 1) + 4) / 24.0;
}
