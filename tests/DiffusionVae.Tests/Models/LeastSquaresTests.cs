using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>Linear functions fitted by least squares.</summary>
public class LeastSquaresTests
{
    [Fact]
    public void A_fit_is_that_of_an_orthogonal_decomposition()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor inputs = randn([200, 5], ScalarType.Float64, generator: generator) + 3,
        values = randn([200, 2], ScalarType.Float64, generator: generator);
        (Tensor slopes, Tensor intercepts) = LeastSquares.Create(inputs)!.Solve(values);
        Tensor solution = linalg.lstsq(cat([inputs, ones(200, 1, dtype: ScalarType.Float64)], 1), values).Solution;
        // The pull makes slopes smaller by about a ten-thousandth.
        Assert.Equal(0, (slopes - solution[..5]).abs().max().ToDouble(), 1e-4);
        Assert.Equal(0, (intercepts - solution[5]).abs().max().ToDouble(), 1e-3);
    }

    [Fact]
    public void What_is_linear_is_fitted_and_outputs_set_so_give_it_back()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var network = new Mlp(6, [9], 4, generator);
        Tensor images = rand([300, 6], generator: generator), hidden = network.Hidden(images);
        Tensor values = hidden.matmul(randn([9, 3], generator: generator)) + 0.5;
        Tensor last = network.forward(images).select(1, 3).clone();
        LeastSquares fit = LeastSquares.Create(hidden)!;
        network.SetFirstOutputs(fit.Solve(values));
        Assert.Equal(0, (network.forward(images).narrow(1, 0, 3) - fit.Fitted(values)).abs().max().ToDouble(), 1e-5);
        // Units of little variance are pulled most.
        Assert.InRange(((fit.Fitted(values) - values).square().mean() / values.var(0).mean()).ToDouble(), 0, 1e-3);
        Assert.Equal(0, (network.forward(images).select(1, 3) - last).abs().max().ToDouble());
    }
}
