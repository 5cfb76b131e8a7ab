using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>The optimiser and the vector it works on.</summary>
public class AdamTests
{
    [Fact]
    public void Fused_steps_are_those_of_Adam_as_published() => Replay.Seeds(generator =>
    {
        using nn.Module<Tensor, Tensor> network = nn.Linear(7, 3);
        using var parameters = new FlatParameters(network);
        using var adam = new Adam(parameters);
        double[] theta = Numeric.Values(parameters.Values), first = new double[theta.Length], second = new double[theta.Length];
        for (int t = 1; t <= 50; t++)
        {
            double rate = 0.01 / t;
            Tensor gradient = randn([theta.Length], generator: generator) * Math.Pow(10, (t % 7) - 4);
            parameters.Gradients.copy_(gradient);
            double[] g = Numeric.Values(gradient);
            for (int i = 0; i < theta.Length; i++)
            {
                first[i] = (0.9 * first[i]) + (0.1 * g[i]);
                second[i] = (0.999 * second[i]) + (0.001 * g[i] * g[i]);
                theta[i] -= rate * (first[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
            adam.Step(rate);
            Assert.Equal(0, Numeric.Greatest(parameters.Gradients));
            double[] found = Numeric.Values(parameters.Values);
            Assert.All(found.Zip(theta), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
        }
    });

    [Fact]
    public void A_network_whose_parameters_are_views_computes_the_same_and_follows_the_vector()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        Tensor x = rand(5, Pictures.Side * Pictures.Side);
        double[] before = Numeric.Values(model.Encoder.forward(x)), weights = [.. model.parameters().SelectMany(Numeric.Values)];
        using (var parameters = new FlatParameters(model))
        {
            Assert.Equal(weights, Numeric.Values(parameters.Values));
            Assert.Equal(before, Numeric.Values(model.Encoder.forward(x)));
            model.Encoder.forward(x).square().sum().backward();
            double[] gradients = Numeric.Values(parameters.Gradients);
            Assert.Contains(gradients, entry => entry != 0);
            Assert.Equal(gradients, model.parameters().SelectMany(parameter => Numeric.Values(parameter.grad!)));
            Assert.Equal(gradients.Sum(), parameters.GradientSum(), 1e-4 * gradients.Sum(Math.Abs));
            using (no_grad())
            {
                parameters.Values.mul_(2);
            }
            Assert.Equal(weights.Select(weight => 2 * weight), model.parameters().SelectMany(Numeric.Values));
        }
        // The storage outlives the vector.
        Assert.Equal(weights.Select(weight => 2 * weight), model.parameters().SelectMany(Numeric.Values));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void One_gradient_that_is_not_finite_shows_in_the_sum(float value)
    {
        using nn.Module<Tensor, Tensor> network = nn.Linear(70, 30);
        using var parameters = new FlatParameters(network);
        Assert.Equal(0, parameters.GradientSum());
        parameters.Gradients[1234] = value;
        Assert.False(double.IsFinite(parameters.GradientSum()));
    }
}
