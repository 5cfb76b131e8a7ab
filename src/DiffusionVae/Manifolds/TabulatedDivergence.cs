using System.Collections.Concurrent;
using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The tables of <see cref="HeatKernels"/> as functions of tensors: log KL is a polynomial in log t on cells, and a cosine series in an angle.</summary>
internal sealed class TabulatedDivergence
{
    private readonly double[] coefficients;
    private readonly int cells;
    private readonly int degree;
    private readonly int modes;
    private readonly Scalar start;
    private readonly Scalar inverseStep;
    private readonly Scalar end;
    private readonly Scalar lastCell;
    private readonly Scalar centre;
    private readonly ConcurrentDictionary<(ScalarType Type, string Device), Tensor> tensors = new();

    /// <summary>A function of log t alone.</summary>
    /// <param name="table">The table.</param>
    /// <param name="factor">What to multiply the divergence with, such as the number of equal factors of a product.</param>
    public TabulatedDivergence(DivergenceTable table, int factor = 1)
        : this(table.CopyCoefficients(), table.Cells, DivergenceTable.Degree, 1, table.Start, table.Step, 0)
    {
        for (int cell = 0; cell < cells; cell++)
        {
            coefficients[cell * (degree + 1)] += Math.Log(factor);
        }
    }

    /// <summary>A function of log t and of the angle round the tube.</summary>
    public TabulatedDivergence(RingTorusDivergenceTable table)
        : this(table.Coefficients.ToArray(), table.Cells, RingTorusDivergenceTable.Degree, table.Modes, table.Start, RingTorusDivergenceTable.Step, 0.5)
    {
    }

    private TabulatedDivergence(double[] coefficients, int cells, int degree, int modes, double start, double step, double centre)
    {
        (this.coefficients, this.cells, this.degree, this.modes) = (coefficients, cells, degree, modes);
        (this.start, inverseStep, this.centre, lastCell, end) = (start, 1 / step, centre, cells - 1, (double)cells);
    }

    /// <summary>KL in nats.</summary>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <param name="cosine">The cosine of the angle, [..., 1]; needed where the table depends on it.</param>
    /// <returns>[..., 1].</returns>
    public Tensor Evaluate(Tensor logTime, Tensor? cosine = null)
    {
        using var scope = torch.NewDisposeScope();
        Tensor position = logTime.sub(start).mul_(inverseStep).clamp_(Zero, end);
        Tensor cell = position.detach().floor().clamp_max_(lastCell);
        Tensor local = position - cell - centre;
        Tensor rows = Coefficients(logTime).index_select(0, cell.to(ScalarType.Int64).flatten()).view([.. logTime.shape[..^1], degree + 1, modes]);
        Tensor[] powers = (cosine is null ? rows.squeeze(-1) : (rows * Cosines(cosine).unsqueeze(-2)).sum(-1)).split(1, -1);
        Tensor sum = powers[degree];
        for (int k = degree - 1; k >= 0; k--)
        {
            sum = torch.addcmul(powers[k], sum, local, One);
        }
        return sum.exp().MoveToOuterDisposeScope();
    }

    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar One = 1.0;

    /// <summary>1, cos u, cos 2u, ... by Chebyshev's recurrence.</summary>
    private Tensor Cosines(Tensor cosine)
    {
        var all = new List<Tensor> { torch.ones_like(cosine), cosine };
        while (all.Count < modes)
        {
            all.Add((2 * cosine * all[^1]) - all[^2]);
        }
        return torch.cat(all[..modes], -1);
    }

    private Tensor Coefficients(Tensor like) => tensors.GetOrAdd(
        (like.dtype, like.device.ToString()),
        _ => torch.tensor(coefficients, [cells, (degree + 1) * modes], dtype: like.dtype, device: like.device).DetachFromDisposeScope());
}
