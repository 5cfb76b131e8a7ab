using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The walk of <see cref="RandomWalk"/> on an <see cref="IFusedProjection"/> as one operation of automatic differentiation, in double precision and in memory.
/// Differentiable once.
/// </summary>
internal sealed class FusedWalk : torch.autograd.SingleTensorFunction<FusedWalk>
{
    public override string Name => nameof(FusedWalk);

    /// <summary>Walks.</summary>
    /// <param name="manifold">Where to walk.</param>
    /// <param name="mean">The starting points, [..., n].</param>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <param name="noise">ε, [N, ..., n].</param>
    /// <returns>Where the walks end, [..., n].</returns>
    public static Tensor Walk(IFusedProjection manifold, Tensor mean, Tensor logTime, Tensor noise) => apply(mean, logTime, noise, manifold);

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var (mean, logTime, noise, manifold) = ((Tensor)arguments[0], (Tensor)arguments[1], FusedProjection.Doubles((Tensor)arguments[2]), (IFusedProjection)arguments[3]);
        Tensor lengths = FusedProjection.Doubles(logTime);
        double steps = noise.size(0);
        foreach (ref double length in FusedProjection.Memory(lengths))
        {
            length = Math.Sqrt(Math.Exp(length) / steps);
        }
        // Of every step, where it goes before the projection, and after.
        Tensor before = torch.empty_like(noise), after = torch.empty_like(noise), start = FusedProjection.Doubles(mean);
        int size = (int)mean.numel();
        Span<double> from = FusedProjection.Memory(start);
        for (int k = 0; k < noise.size(0); k++)
        {
            Span<double> x = FusedProjection.Memory(before).Slice(k * size, size), z = FusedProjection.Memory(after).Slice(k * size, size);
            Move(from, FusedProjection.Memory(noise).Slice(k * size, size), FusedProjection.Memory(lengths), x);
            manifold.Project(x, z);
            from = z;
        }
        context.save_for_backward([lengths, noise, before, after]);
        context.save_data("manifold", manifold);
        return after[^1].to(mean.dtype, mean.device, copy: true);
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient)
    {
        if (context.get_saved_variables() is not [Tensor lengths, Tensor noise, Tensor before, Tensor after])
        {
            throw new InvalidOperationException("The walk was differentiated already.");
        }
        var manifold = (IFusedProjection)context.get_data("manifold");
        Tensor ofMean = FusedProjection.Doubles(gradient), ofLogTime = torch.zeros_like(lengths);
        Span<double> g = FusedProjection.Memory(ofMean), along = FusedProjection.Memory(ofLogTime);
        for (int k = (int)noise.size(0) - 1; k >= 0; k--)
        {
            manifold.PullBack(FusedProjection.Memory(before).Slice(k * g.Length, g.Length), FusedProjection.Memory(after).Slice(k * g.Length, g.Length), g);
            Gather(g, FusedProjection.Memory(noise).Slice(k * g.Length, g.Length), along);
        }
        // The length of a step is proportional to exp(log t / 2).
        Tensor half = ofLogTime.mul_(lengths).mul_(Half);
        return [ofMean.to(gradient.dtype, gradient.device), half.to(gradient.dtype, gradient.device), null!, null!];
    }

    private static readonly Scalar Half = 0.5;

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
