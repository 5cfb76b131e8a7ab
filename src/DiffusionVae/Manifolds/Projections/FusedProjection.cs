using System.Runtime.InteropServices;

namespace DiffusionVae.Manifolds;

/// <summary>
/// The projection of an <see cref="IFusedProjection"/> as one operation of automatic differentiation.
/// Differentiable once: to libtorch the derivative is a constant. A second derivative lacks, without an
/// error, what goes through it. Only where nothing else depends on x does libtorch throw.
/// </summary>
internal sealed class FusedProjection : torch.autograd.SingleTensorFunction<FusedProjection>
{
    public override string Name => nameof(FusedProjection);

    /// <summary>P(x) by the shortest way that the manifold knows.</summary>
    public static Tensor Project(IManifold manifold, Tensor x) =>
        manifold is IFusedProjection rows ? Project(rows, x) : manifold.Project(x);

    /// <summary>P(x) in memory.</summary>
    public static Tensor Project(IFusedProjection manifold, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.numel() == 0)
        {
            return x.clone();
        }
        using var scope = torch.NewDisposeScope();
        return apply(x, manifold).MoveToOuterDisposeScope();
    }

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var (x, manifold) = ((Tensor)arguments[0], (IFusedProjection)arguments[1]);
        Tensor from = Doubles(x), points = torch.empty_like(from);
        manifold.Project(Memory(from), Memory(points));
        context.save_for_backward([from, points]);
        context.save_data("manifold", manifold);
        return points.to(x.dtype, x.device);
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient)
    {
        List<Tensor> saved = context.get_saved_variables();
        Tensor pulled = Doubles(gradient);
        ((IFusedProjection)context.get_data("manifold")).PullBack(Memory(saved[0]), Memory(saved[1]), Memory(pulled));
        return [pulled.to(gradient.dtype, gradient.device), null!];
    }

    /// <summary>A copy as float64 on the processor, one number behind the other.</summary>
    public static Tensor Doubles(Tensor tensor) => torch.empty(tensor.shape, ScalarType.Float64, CPU).copy_(tensor);

    /// <summary>The memory of such a copy.</summary>
    public static Span<double> Memory(Tensor doubles) => MemoryMarshal.Cast<byte, double>(doubles.bytes);
}
