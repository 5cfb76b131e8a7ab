using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>A perceptron that is differentiated takes a way of its own, to the same numbers.</summary>
public class MlpTests
{
    [Theory]
    [InlineData(3, 40, 5, true)]
    [InlineData(3, 40, 5, false)]
    [InlineData(30, 4, 20, true)]
    [InlineData(30, 20, 2, false)]
    public void Values_and_gradients_are_those_of_the_layers_one_by_one(int inputs, int hidden, int outputs, bool ofInput) => Replay.Seeds(generator =>
    {
        using var mlp = new Mlp(inputs, [hidden, 25], outputs, generator);
        mlp.to(ScalarType.Float64);
        Tensor input = randn([7, inputs], ScalarType.Float64, generator: generator), direction = randn([7, outputs], ScalarType.Float64, generator: generator);
        input.requires_grad = ofInput;
        Tensor[] parameters = [.. mlp.parameters()], variables = ofInput ? [input, .. parameters] : parameters;

        Tensor plain = input;
        foreach (Tensor[] layer in parameters.Chunk(2))
        {
            plain = nn.functional.linear(ReferenceEquals(plain, input) ? plain : plain.relu(), layer[0], layer[1]);
        }
        Tensor output = mlp.forward(input);
        Assert.InRange(Numeric.Greatest(output - plain), 0, 1e-13);
        IList<Tensor> found = autograd.grad([output], variables, [direction]), expected = autograd.grad([plain], variables, [direction]);
        foreach ((Tensor one, Tensor other) in found.Zip(expected))
        {
            Assert.Equal(other.shape, one.shape);
            Assert.InRange(Numeric.Greatest(one - other), 0, 1e-13);
        }
    });

    [Fact]
    public void It_takes_points_by_any_number_of_axes()
    {
        using var generator = new Generator(0);
        using var mlp = new Mlp(3, [8], 4, generator);
        Tensor points = randn([2, 5, 3], generator: generator);
        Assert.InRange(Numeric.Greatest(mlp.forward(points).flatten(0, 1) - mlp.forward(points.flatten(0, 1))), 0, 1e-6);
    }
}
