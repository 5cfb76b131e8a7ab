namespace DiffusionVae.Models;

/// <summary>Ridge regression: the linear functions nearest to values on given inputs.</summary>
/// <remarks>
/// Prepared once for the inputs, and then solved for any number of values. Computes in double precision. Its
/// tensors, and those it returns, belong to the caller's dispose scope.
/// </remarks>
internal sealed class LeastSquares
{
    /// <summary>The penalty of the slopes, as a share of the mean variance of the inputs.</summary>
    private const double Ridge = 1e-4;

    private readonly Tensor inputs;
    private readonly Tensor mean;
    private readonly Tensor centred;
    private readonly Tensor factor;

    private LeastSquares(Tensor inputs, Tensor mean, Tensor centred, Tensor factor) =>
        (this.inputs, this.mean, this.centred, this.factor) = (inputs, mean, centred, factor);

    /// <summary>Prepares the solver.</summary>
    /// <param name="inputs">[count, inputs].</param>
    /// <returns>The solver; null if all inputs are equal, or too large to square.</returns>
    public static LeastSquares? Create(Tensor inputs)
    {
        Tensor doubles = inputs.to(ScalarType.Float64), mean = doubles.mean([0]), centred = doubles - mean;
        Tensor covariance = centred.t().matmul(centred);
        if (covariance.diagonal().sum().ToDouble() is not (> 0 and < double.PositiveInfinity))
        {
            return null;
        }
        Tensor identity = torch.eye(covariance.size(0), dtype: covariance.dtype, device: covariance.device);
        Tensor pull = identity * (covariance.diagonal().mean() * Ridge);
        return new LeastSquares(inputs, mean, centred, torch.linalg.cholesky(covariance + pull));
    }

    /// <summary>The linear function nearest to values.</summary>
    /// <param name="values">[count, outputs].</param>
    /// <returns>Slopes, [inputs, outputs], and intercepts, [outputs].</returns>
    public (Tensor Slopes, Tensor Intercepts) Solve(Tensor values)
    {
        Tensor doubles = values.to(ScalarType.Float64), centre = doubles.mean([0]);
        Tensor slopes = torch.cholesky_solve(centred.t().matmul(doubles - centre), factor);
        return (slopes.to(values.dtype), (centre - mean.matmul(slopes)).to(values.dtype));
    }

    /// <summary>The values of that function on the inputs, [count, outputs].</summary>
    public Tensor Fitted(Tensor values)
    {
        (Tensor slopes, Tensor intercepts) = Solve(values);
        return inputs.to(values.dtype).matmul(slopes) + intercepts;
    }
}
