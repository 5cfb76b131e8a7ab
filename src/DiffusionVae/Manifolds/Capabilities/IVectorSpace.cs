namespace DiffusionVae.Manifolds;

/// <summary>
/// A manifold that is all of R^n. Its prior is N(0, I), and posteriors are Gaussians with a variance for each
/// coordinate.
/// </summary>
/// <remarks>
/// It is not closed, so it has no uniform distribution. The mean divergence of Brownian motion is KL(N(0, t
/// I) ‖ N(0, I)) = n (t - 1 - log t) / 2.
/// </remarks>
public interface IVectorSpace : IManifold;
