namespace DiffusionVae.Manifolds;

/// <summary>What a manifold says of itself.</summary>
internal static class DeclarationChecks
{
    public static bool Run(ManifoldCheck check)
    {
        IManifold manifold = check.Manifold;
        int d = manifold.Dimension, n = manifold.AmbientDimension;
        bool sound = check.Require(!string.IsNullOrWhiteSpace(manifold.Id), $"Id is empty.")
            & check.Require(d >= 1 && d <= n, $"Dimension is {d} and AmbientDimension {n}; 1 ≤ d ≤ n is needed.")
            & check.Require(manifold.FeatureDimension >= 1, $"FeatureDimension is {manifold.FeatureDimension}; it should be at least 1.")
            & check.Require(
                manifold is not IVectorSpace || d == n, $"Dimension is {d} and AmbientDimension {n}; in a vector space they are equal.");
        return sound && check.Try("Project", () =>
        {
            check.Survey();
            return check.RequireForm(check.Pool, [check.Pool.size(0), n], ScalarType.Float64, "Project's result for float64")
                && check.Require(check.Size > 0, $"Project takes every point to zero.");
        });
    }
}
