using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// The tables of <see cref="HeatKernels"/> as functions of tensors, in one operation of automatic
/// differentiation: number by number, in double precision and in memory, since by tensors the time goes into
/// the calls. Differentiable once.
/// A second derivative lacks, without an error, what goes through it.
/// </summary>
/// <remarks>
/// Before a table's beginning and behind its end the divergence is constant, and its slope zero.
/// </remarks>
internal sealed class TabulatedDivergence : torch.autograd.SingleTensorFunction<TabulatedDivergence>
{
    public override string Name => nameof(TabulatedDivergence);

    /// <summary>KL in nats, from a table by log t alone.</summary>
    /// <param name="table">The table.</param>
    /// <param name="logTime">log t, any shape.</param>
    /// <param name="factor">
    /// What to multiply the divergence with, such as the number of equal factors of a product.
    /// </param>
    /// <returns>The same shape.</returns>
    public static Tensor Evaluate(DivergenceTable table, Tensor logTime, int factor = 1)
    {
        return Apply(Within(table.Start, table.End, Entry), logTime);

        DivergenceSlopes Entry(double time, double none)
        {
            DivergenceSlopes entry = table.Evaluate(time);
            return new(factor * entry.Divergence, factor * entry.AlongLogTime, 0);
        }
    }

    /// <summary>KL in nats, from a table by log t and the angle round a tube.</summary>
    /// <param name="table">The table.</param>
    /// <param name="logTime">log t, any shape.</param>
    /// <param name="cosine">The cosine of the angle, of a shape that goes with it.</param>
    /// <returns>The shape of both.</returns>
    public static Tensor Evaluate(RingTorusDivergenceTable table, Tensor logTime, Tensor cosine)
    {
        using var scope = torch.NewDisposeScope();
        var entry = Within(table.Start, table.End, (time, cosine) => table.Evaluate(time, Math.Clamp(cosine, -1, 1)));
        return Apply(entry, [.. torch.broadcast_tensors(logTime, cosine)]).MoveToOuterDisposeScope();
    }

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        Tensor[] inputs = [.. arguments.OfType<Tensor>()], doubles = [.. inputs.Select(FusedProjection.Doubles)];
        var entry = (Func<double, double, DivergenceSlopes>)arguments[^1];
        Tensor values = torch.empty_like(doubles[0]);
        Span<double> value = FusedProjection.Memory(values), time = FusedProjection.Memory(doubles[0]),
        cosine = FusedProjection.Memory(doubles[^1]);
        for (int i = 0; i < value.Length; i++)
        {
            // Where an argument is no number, neither is the divergence. The slopes go where the arguments
            // were; of one argument, where there is no cosine.
            DivergenceSlopes found = double.IsNaN(time[i] + cosine[i])
                ? new(double.NaN, double.NaN, double.NaN)
                : entry(time[i], cosine[i]);
            (value[i], cosine[i], time[i]) = (found.Divergence, found.AlongCosine, found.AlongLogTime);
        }
        context.save_for_backward([.. doubles]);
        return values.to(inputs[0].dtype, inputs[0].device);
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient) =>
        [.. context.get_saved_variables().Select(slopes => gradient * slopes.to(gradient.dtype, gradient.device)), null!];

    private static Tensor Apply(Func<double, double, DivergenceSlopes> entry, params Tensor[] inputs) => apply([.. inputs, entry]);

    private static Func<double, double, DivergenceSlopes> Within(double start, double end, Func<double, double, DivergenceSlopes> entry) =>
        (time, cosine) =>
    {
        double inside = Math.Clamp(time, start, end);
        DivergenceSlopes found = entry(inside, cosine);
        return inside == time ? found : found with { AlongLogTime = 0 };
    };
}
