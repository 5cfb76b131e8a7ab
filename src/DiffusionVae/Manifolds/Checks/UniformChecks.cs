namespace DiffusionVae.Manifolds;

/// <summary>
/// Volume, curvature, uniform samples and quadrature of a closed manifold, against what follows from the
/// projection alone.
/// </summary>
internal static class UniformChecks
{
    private const int Count = 2048;

    /// <summary>Of draws by the projection, most of which are rejected.</summary>
    private const int Estimated = 1024;

    /// <summary>
    /// The least share of draws to keep. Below that, in many dimensions, uniform samples are compared with
    /// the quadrature alone.
    /// </summary>
    private const double LeastAcceptance = 0.02;

    /// <summary>
    /// Above this standard error a few great weights make up the estimate of the volume, and the error itself
    /// is not known.
    /// </summary>
    private const double MostError = 0.05;

    public static void Run(ManifoldCheck check)
    {
        if (check.Manifold is not IClosedManifold manifold)
        {
            return;
        }
        bool sampled = true;
        foreach (ScalarType dtype in ManifoldCheck.Precisions)
        {
            sampled &= check.Try($"SampleUniform in {dtype}", () => AreSamples(check, manifold, dtype));
            check.Try($"ScalarCurvature in {dtype}", () => check.RequireForm(
                manifold.ScalarCurvature(check.Points(5).to(dtype)), [5, 1], dtype, $"ScalarCurvature for {dtype}"));
        }
        if (manifold.Dimension < manifold.AmbientDimension)
        {
            check.Try("ScalarCurvature", () => IsCurvature(check, manifold));
            check.Try("LogVolume", () => IsVolume(check, manifold, sampled));
        }
        if (manifold is IQuadratureManifold ruled && sampled)
        {
            check.Try("Quadrature", () => IsRule(check, ruled));
        }
    }

    private static bool AreSamples(ManifoldCheck check, IClosedManifold manifold, ScalarType dtype)
    {
        Tensor state = check.Generator.get_state();
        Tensor sample = manifold.SampleUniform(200, check.Generator, dtype);
        check.Generator.set_state(state);
        Tensor again = manifold.SampleUniform(200, check.Generator, dtype);
        Tensor none = manifold.SampleUniform(0, check.Generator, dtype);
        double off = ManifoldCheck.Greatest(manifold.Project(sample) - sample);
        return check.RequireForm(sample, [200, manifold.AmbientDimension], dtype, $"SampleUniform for {dtype}")
            && check.RequireForm(none, [0, manifold.AmbientDimension], dtype, $"SampleUniform of no points for {dtype}")
                & check.Require(
                    sample.eq(again).all().item<bool>(),
                    $"SampleUniform in {dtype} does not repeat with the generator's state.")
                & check.RequireAtMost(
                    check.Tolerance(dtype),
                    off,
                    $"SampleUniform in {dtype} leaves the manifold: Project moves its points by {off:0.###e+0}.");
    }

    private static bool IsCurvature(ManifoldCheck check, IClosedManifold manifold)
    {
        Tensor points = check.Points(64), expected = new EstimatedManifold(manifold, check.Size).ScalarCurvature(points);
        Tensor found = manifold.ScalarCurvature(points);
        Tensor error = (found - expected).abs() / (expected.abs() + (1 / (check.Size * check.Size)));
        int worst = (int)error.argmax().item<long>();
        return check.RequireAtMost(
            2e-3,
            ManifoldCheck.Greatest(error),
            $"ScalarCurvature is {found[worst].item<double>():0.####} where the projection gives {expected[worst].item<double>():0.####}.");
    }

    private static bool IsVolume(ManifoldCheck check, IClosedManifold manifold, bool sampled)
    {
        var estimate = new VolumeEstimate(
            manifold,
            StartingPoints.From(check.Pool.contiguous()),
            x => WithVolumeElement(manifold, x),
            byDrawsAlone: true);
        // Both representatives of a point are points of the estimate.
        double expected = estimate.LogVolume - (manifold is IAntipodalManifold ? Math.Log(2) : 0);
        double tolerance = (ManifoldCheck.Sigmas * estimate.StandardError) + 0.01;
        bool sound = check.RequireAtMost(
            estimate.StandardError > MostError ? double.PositiveInfinity : tolerance,
            Math.Abs(manifold.LogVolume - expected),
            $"LogVolume is {manifold.LogVolume:0.####}; the projection gives {expected:0.####}, give or take {tolerance:0.####}.");
        return !sampled || estimate.Acceptance < LeastAcceptance
            || (sound & IsSameMean(
                check,
                "SampleUniform is not uniform",
                Monomials(manifold, manifold.SampleUniform(Count, check.Generator, ScalarType.Float64)),
                Monomials(manifold, estimate.Sample(Estimated, check.Generator, ScalarType.Float64))));
    }

    private static bool IsRule(ManifoldCheck check, IQuadratureManifold manifold)
    {
        QuadratureRule rule = manifold.Quadrature(Math.Exp(manifold.LogVolume / manifold.Dimension) / 12);
        (Tensor points, Tensor weights) = rule.Nodes(0, (int)Math.Min(rule.Count, 1 << 18));
        if (points.size(0) < rule.Count)
        {
            return true; // too many dimensions to sum over all nodes
        }
        double sum = weights.sum().item<double>();
        double off = ManifoldCheck.Greatest(manifold.Project(points) - points);
        Tensor mean = weights.unsqueeze(0).matmul(Monomials(manifold, points));
        return check.RequireAtMost(1e-9, Math.Abs(sum - 1), $"The weights of Quadrature sum to {sum:0.######}; they should sum to 1.")
            & check.RequireAtMost(
                check.Tolerance(ScalarType.Float64),
                off,
                $"The nodes of Quadrature leave the manifold by {off:0.###e+0}.")
            & IsSameMean(
                check,
                "Quadrature is not for the uniform distribution",
                Monomials(manifold, manifold.SampleUniform(Count, check.Generator, ScalarType.Float64)),
                mean);
    }

    /// <summary>P(x), and the product of the d greatest eigenvalues of DP, the others being zero.</summary>
    private static (Tensor Points, Tensor VolumeElement) WithVolumeElement(IManifold manifold, Tensor x)
    {
        Tensor jacobian = DerivativeChecks.Backpropagated(manifold.Project, x);
        Tensor values = torch.linalg.eigvalsh((jacobian + jacobian.transpose(-2, -1)) / 2);
        using var frozen = torch.no_grad();
        return (manifold.Project(x), values.narrow(-1, manifold.AmbientDimension - manifold.Dimension, manifold.Dimension).prod(-1));
    }

    /// <summary>The features and their squares: [count, 2 f].</summary>
    private static Tensor Monomials(IManifold manifold, Tensor points)
    {
        Tensor features = manifold.Features(points);
        return torch.cat([features, features.Squared()], -1);
    }

    /// <summary>
    /// Whether draws have the mean of others: draws too, [count, k], or the mean itself, [1, k].
    /// </summary>
    private static bool IsSameMean(ManifoldCheck check, string fault, Tensor draws, Tensor others)
    {
        Tensor variance = draws.var(0) / draws.size(0);
        variance = others.size(0) == 1 ? variance : variance + (others.var(0) / others.size(0));
        Tensor error = variance.sqrt() + (1e-6 * draws.abs().amax([0]));
        Tensor off = (draws.mean([0]) - others.mean([0])) / error;
        int worst = (int)off.abs().argmax().item<long>();
        double found = draws.mean([0])[worst].item<double>(), expected = others.mean([0])[worst].item<double>();
        return check.RequireAtMost(
            ManifoldCheck.Sigmas,
            ManifoldCheck.Greatest(off),
            $"{fault}: a feature or its square has mean {found:0.####} by SampleUniform, {expected:0.####} otherwise.");
    }
}
