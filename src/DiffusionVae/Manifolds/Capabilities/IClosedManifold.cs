namespace DiffusionVae.Manifolds;

/// <summary>
/// A compact manifold without boundary, whose uniform distribution serves as a prior (paper, section 3.1).
/// </summary>
public interface IClosedManifold : IManifold
{
    /// <summary>The natural logarithm of the Riemannian volume, in the metric that R^n induces.</summary>
    double LogVolume { get; }

    /// <summary>The scalar curvature Sc (on a surface: twice the Gauss curvature), in 1/length².</summary>
    /// <param name="points">Points of M, [..., n].</param>
    /// <returns>[..., 1].</returns>
    Tensor ScalarCurvature(Tensor points);

    /// <summary>Draws points from the uniform distribution, the normalised Riemannian volume.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">The source of the draws; it decides the device.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <returns>[count, n].</returns>
    Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32);
}
