using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// Brownian motion: the walk's law for small times, exact samples, divergence and proposals.
/// </summary>
internal static class BrownianChecks
{
    private const int Count = 4096;

    /// <summary>
    /// log t, in units of the squared size, at which divergences are compared with the expansion.
    /// </summary>
    private const double Earliest = -10;

    public static void Run(ManifoldCheck check)
    {
        check.Try("A step of the walk", () => IsBrownian(check, "A step of the walk, P(p + √t ε),", (p, logTime) =>
            FusedProjection.Project(check.Manifold, p + (check.Noise(Count) * (logTime / 2).exp()))));
        if (check.Manifold is IHeatKernelSampler sampler)
        {
            check.Try("SampleHeatKernel", () =>
                IsBrownian(check, "SampleHeatKernel", (p, logTime) => sampler.SampleHeatKernel(p, logTime, check.Generator)));
        }
        if (check.Manifold is IHeatKernelManifold { HasHeatKernel: true } known)
        {
            check.Try("Divergence", () => IsDivergence(check, known));
        }
        if (check.Manifold is IProposalManifold proposals)
        {
            check.Try("SampleProposal", () => AreProposals(check, proposals));
        }
    }

    /// <summary>
    /// E|tangential part of z - p|² = d t, and E[z - p] = (t/2) H is small beside √t: the generator is half
    /// the Laplacian.
    /// </summary>
    private static bool IsBrownian(ManifoldCheck check, string what, Func<Tensor, Tensor, Tensor> sample)
    {
        IManifold manifold = check.Manifold;
        Tensor p = check.Points(1), tangential = DerivativeChecks.Backpropagated(manifold.Project, p)[0]; // [1, n], [n, n]
        double time = Math.Pow(ShortStep(check, p, tangential), 2);
        Tensor z = sample(p.expand(Count, -1), torch.full([Count, 1], Math.Log(time), ScalarType.Float64));
        if (manifold is IAntipodalManifold antipodal)
        {
            Tensor other = antipodal.Antipode(z);
            z = torch.where(UnitVectors.Length(other - p).lt(UnitVectors.Length(z - p)), other, z);
        }
        Tensor moved = (z - p).matmul(tangential.t()) / Math.Sqrt(time);
        Tensor squares = moved.Squared().sum(-1);
        double mean = squares.mean().item<double>(), error = Math.Sqrt(squares.var().item<double>() / Count);
        double drift = UnitVectors.Length(moved.mean([0])).item<double>(), driftError = Math.Sqrt(mean / Count);
        double off = ManifoldCheck.Greatest(manifold.Project(z) - z);
        // What curvature changes of both is of second order in the bend of so short a step.
        return check.RequireAtMost(check.Tolerance(ScalarType.Float64), off, $"{what} leaves the manifold by {off:0.###e+0}.")
            & check.RequireAtMost(
                (ManifoldCheck.Sigmas * error) + (0.05 * manifold.Dimension),
                Math.Abs(mean - manifold.Dimension),
                $"{what} moves along the manifold by a mean square of {mean:0.###} t; it should be {manifold.Dimension} t.")
            & check.RequireAtMost(
                (ManifoldCheck.Sigmas * driftError) + 0.1, drift, $"{what} drifts along the manifold, by {drift:0.###} √t on the mean.");
    }

    /// <summary>
    /// A length at which steps across M bend by little: P(p + s ε) is p + s DP ε to a few percent.
    /// </summary>
    private static double ShortStep(ManifoldCheck check, Tensor p, Tensor tangential)
    {
        const double wanted = 0.04;
        Tensor noise = check.Noise(64), along = noise.matmul(tangential.t());
        double step = 0.05 * check.Size;
        for (int halving = 0; halving < 20; halving++, step /= 2)
        {
            Tensor bend = (FusedProjection.Project(check.Manifold, p + (noise * step)) - p) / step - along;
            if (UnitVectors.Length(bend).mean().item<double>() < wanted)
            {
                return step;
            }
        }
        return step;
    }

    private static bool IsDivergence(ManifoldCheck check, IHeatKernelManifold manifold)
    {
        const int count = 8;
        Tensor points = check.Points(count), logTime = torch.linspace(Earliest, 2, 25, ScalarType.Float64);
        double logScale = 2 * Math.Log(check.Size);
        Tensor Divergence(double time) => manifold.Divergence(points, torch.full([count, 1], time + logScale, ScalarType.Float64));
        bool sound = check.RequireForm(Divergence(-1), [count, 1], ScalarType.Float64, "Divergence");
        Tensor[] all = sound ? [.. logTime.data<double>().ToArray().Select(Divergence)] : [];
        double least = all.Select(divergence => divergence.min().item<double>()).DefaultIfEmpty(0).Min();
        double rise = all.Zip(all.Skip(1), (earlier, later) => (later - earlier).max().item<double>()).DefaultIfEmpty(0).Max();
        double early = Math.Exp(Earliest + logScale);
        double flat = ShortTimeExpansion.Divergence(manifold.Dimension, manifold.LogVolume, scalarCurvature: 0, early);
        Tensor expected = flat + (manifold.ScalarCurvature(points) * (early * ShortTimeExpansion.CurvatureCoefficient));
        double off = sound ? ManifoldCheck.Greatest(all[0] - expected) : 0;
        return sound
            & check.RequireAtMost(1e-6, -least, $"Divergence is negative: {least:0.####} nats.")
            & check.RequireAtMost(
                1e-6,
                rise,
                $"Divergence rises with time, by {rise:0.###e+0} nats; the distribution only comes nearer the uniform one.")
            & check.RequireAtMost(
                0.02,
                off,
                $"Divergence differs by {off:0.####} nats from the short-time expansion at t = {early:0.###e+0}.");
    }

    /// <summary>
    /// The mean over the draws of the inverse of their density is 1, if these belong together and nothing is
    /// left out.
    /// </summary>
    private static bool AreProposals(ManifoldCheck check, IProposalManifold manifold)
    {
        // So wide that the draws reach all of M, and no weight is great.
        double wide = (2 * manifold.LogVolume / manifold.Dimension) - Math.Log(4);
        Tensor centre = check.Points(1).expand(Count, -1), logTime = torch.full([Count, 1], wide, ScalarType.Float64);
        Tensor draws = manifold.SampleProposal(centre, logTime, check.Generator), ratio = manifold.LogProposalRatio(centre, logTime, draws);
        if (!check.RequireForm(draws, [Count, manifold.AmbientDimension], ScalarType.Float64, "SampleProposal")
            || !check.RequireForm(ratio, [Count, 1], ScalarType.Float64, "LogProposalRatio"))
        {
            return false;
        }
        Tensor inverse = ratio.neg().exp();
        double mean = inverse.mean().item<double>(), error = Math.Sqrt(inverse.var().item<double>() / Count);
        return check.RequireAtMost(
            (ManifoldCheck.Sigmas * error) + 1e-6,
            Math.Abs(mean - 1),
            $"LogProposalRatio is not the density of SampleProposal: the mean of its inverse over draws is {mean:0.####}, not 1.");
    }
}
