using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The walk of <see cref="RandomWalk"/> on an <see cref="IFusedProjection"/> as one operation of automatic
/// differentiation, in double precision and in memory.
/// </summary>
/// <remarks>
/// Differentiable once. Its gradients are constants to libtorch.
/// A second derivative lacks, without an error, what goes through it.
/// </remarks>
internal sealed class FusedWalk : torch.autograd.SingleTensorFunction<FusedWalk>
{
    private static readonly Scalar Half = 0.5;

    public override string Name => nameof(FusedWalk);

    /// <summary>Whether there is one time for each starting point, and at least one point.</summary>
    public static bool IsApplicable(Tensor mean, Tensor logTime) => logTime.numel() * mean.size(-1) == mean.numel() && mean.numel() > 0;

    /// <summary>Walks.</summary>
    /// <param name="manifold">The manifold to walk on.</param>
    /// <param name="mean">The starting points, [..., n].</param>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <param name="noise">ε, [N, ..., n].</param>
    /// <returns>The points where the walks end, [..., n].</returns>
    public static Tensor Walk(IFusedProjection manifold, Tensor mean, Tensor logTime, Tensor noise) =>
        apply(mean, logTime, noise, manifold);

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var (mean, logTime, manifold) = ((Tensor)arguments[0], (Tensor)arguments[1], (IFusedProjection)arguments[3]);
        Tensor noise = FusedProjection.Doubles((Tensor)arguments[2]);
        Tensor lengths = FusedProjection.Doubles(logTime);
        double steps = noise.size(0);
        foreach (ref double length in FusedProjection.Memory(lengths))
        {
            length = Math.Sqrt(Math.Exp(length) / steps);
        }
        // Of every step the point before the projection, and the point after it.
        Tensor before = torch.empty_like(noise), after = torch.empty_like(noise), start = FusedProjection.Doubles(mean);
        int size = (int)mean.numel();
        Span<double> from = FusedProjection.Memory(start);
        for (int k = 0; k < noise.size(0); k++)
        {
            Span<double> x = Row(before, k, size), z = Row(after, k, size);
            Move(from, Row(noise, k, size), FusedProjection.Memory(lengths), x);
            manifold.Project(x, z);
            from = z;
        }
        context.save_for_backward([lengths, noise, before, after]);
        context.save_data("manifold", manifold);
        return after[^1].to(mean.dtype, mean.device, copy: true);
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient)
    {
        // Otherwise a gradient that is differentiated again would be wrong without a word.
        using var frozen = torch.no_grad();
        if (context.get_saved_variables() is not [Tensor lengths, Tensor noise, Tensor before, Tensor after])
        {
            throw new InvalidOperationException("The walk was differentiated already.");
        }
        var manifold = (IFusedProjection)context.get_data("manifold");
        Tensor ofMean = FusedProjection.Doubles(gradient), ofLogTime = torch.zeros_like(lengths);
        Span<double> g = FusedProjection.Memory(ofMean), along = FusedProjection.Memory(ofLogTime);
        for (int k = (int)noise.size(0) - 1; k >= 0; k--)
        {
            manifold.PullBack(Row(before, k, g.Length), Row(after, k, g.Length), g);
            Gather(g, Row(noise, k, g.Length), along);
        }
        // The length of a step is proportional to exp(log t / 2).
        Tensor half = ofLogTime.mul_(lengths).mul_(Half);
        return [ofMean.to(gradient.dtype, gradient.device), half.to(gradient.dtype, gradient.device), null!, null!];
    }

    /// <summary>The numbers of step k.</summary>
    private static Span<double> Row(Tensor doubles, int k, int size) => FusedProjection.Memory(doubles).Slice(k * size, size);

    /// <summary>to = from + length · ε, a length for each row.</summary>
    private static void Move(ReadOnlySpan<double> from, ReadOnlySpan<double> noise, ReadOnlySpan<double> lengths, Span<double> to)
    {
        int width = to.Length / lengths.Length;
        for (int row = 0, i = 0; row < lengths.Length; row++)
        {
            for (int end = i + width; i < end; i++)
            {
                to[i] = from[i] + (lengths[row] * noise[i]);
            }
        }
    }

    /// <summary>Adds g · ε to the sum of its row.</summary>
    private static void Gather(ReadOnlySpan<double> gradient, ReadOnlySpan<double> noise, Span<double> sums)
    {
        int width = gradient.Length / sums.Length;
        for (int row = 0, i = 0; row < sums.Length; row++)
        {
            for (int end = i + width; i < end; i++)
            {
                sums[row] += gradient[i] * noise[i];
            }
        }
    }
}
