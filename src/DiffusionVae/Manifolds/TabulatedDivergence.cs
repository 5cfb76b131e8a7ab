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
    private readonly ConcurrentDictionary<(ScalarType Type, string Device), (Tensor Rows, Tensor Exponents, Tensor Derivative)> constants = new();

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
    /// <remarks>
    /// Value and derivatives are computed together, outside automatic differentiation, and joined to it by terms that are zero in value:
    /// a third of the operations. Differentiable once.
    /// </remarks>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <param name="cosine">The cosine of the angle, [..., 1]; needed where the table depends on it.</param>
    /// <returns>[..., 1].</returns>
    public Tensor Evaluate(Tensor logTime, Tensor? cosine = null)
    {
        using var scope = torch.NewDisposeScope();
        Tensor position = logTime.sub(start).mul(inverseStep).clamp(Zero, end);
        (Tensor value, Tensor alongTime, Tensor? alongCosine) = ValueAndSlopes(position.detach(), cosine?.detach());
        Tensor result = torch.addcmul(value, alongTime, position - position.detach(), One);
        if (cosine is not null)
        {
            result = torch.addcmul(result, alongCosine!, cosine - cosine.detach(), One);
        }
        return result.MoveToOuterDisposeScope();
    }

    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar One = 1.0;

    /// <summary>KL, and its derivatives with respect to the position in the table, in cells, and to the cosine.</summary>
    private (Tensor Value, Tensor AlongTime, Tensor? AlongCosine) ValueAndSlopes(Tensor position, Tensor? cosine)
    {
        using var frozen = torch.no_grad();
        (Tensor rows, Tensor exponents, Tensor derivative) = constants.GetOrAdd((position.dtype, position.device.ToString()), _ => Constants(position));
        Tensor cell = position.floor().clamp_max_(lastCell);
        Tensor powers = (position - cell).sub_(centre).pow(exponents);
        Tensor gathered = rows.index_select(0, cell.to(ScalarType.Int64).flatten()).view([.. position.shape[..^1], 2, modes, degree + 1]);
        // The coefficients of the cosine series, and of its derivative along the cell.
        Tensor[] series = (gathered * powers.unsqueeze(-2).unsqueeze(-2)).sum(-1).unbind(-2);
        if (cosine is null)
        {
            Tensor only = series[0].exp_();
            return (only, series[1].mul_(only), null);
        }
        Tensor cosines = (cosine.clamp(-1, 1).acos() * torch.arange(modes, dtype: cosine.dtype, device: cosine.device)).cos_();
        Tensor value = (series[0] * cosines).sum(-1, keepdim: true).exp_();
        Tensor alongTime = (series[1] * cosines).sum(-1, keepdim: true).mul_(value);
        return (value, alongTime, (torch.matmul(series[0], derivative) * cosines).sum(-1, keepdim: true).mul_(value));
    }

    /// <summary>The table with its derivative, [cells, 2 · modes · (degree + 1)]; the exponents; and what differentiates a cosine series, all like a tensor.</summary>
    private (Tensor Rows, Tensor Exponents, Tensor Derivative) Constants(Tensor like)
    {
        int powers = degree + 1;
        var rows = new double[cells * 2 * modes * powers];
        for (int cell = 0; cell < cells; cell++)
        {
            for (int mode = 0; mode < modes; mode++)
            {
                for (int k = 0; k < powers; k++)
                {
                    int into = (((cell * 2) * modes) + mode) * powers;
                    rows[into + k] = coefficients[(((cell * powers) + k) * modes) + mode];
                    if (k > 0)
                    {
                        rows[into + (modes * powers) + k - 1] = k * rows[into + k];
                    }
                }
            }
        }
        Tensor Kept(double[] values, params long[] shape) => torch.tensor(values, shape, dtype: like.dtype, device: like.device).DetachFromDisposeScope();
        return (Kept(rows, cells, 2 * modes * powers), Kept([.. Enumerable.Range(0, powers).Select(k => (double)k)], powers), Kept(DerivativeOfCosines(), modes, modes));
    }

    /// <summary>T'_m = 2m Σ T_k over the k below m of the other parity, T_0 counted half: with c = cos u, the derivatives of cos(m u).</summary>
    private double[] DerivativeOfCosines()
    {
        var matrix = new double[modes * modes];
        for (int m = 1; m < modes; m++)
        {
            for (int k = m - 1; k >= 0; k -= 2)
            {
                matrix[(m * modes) + k] = k == 0 ? m : 2 * m;
            }
        }
        return matrix;
    }
}
