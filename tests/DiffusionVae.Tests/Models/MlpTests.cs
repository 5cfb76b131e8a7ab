using System.Runtime.Intrinsics.X86;
using DiffusionVae.Models;
using TorchSharp;
using TorchSharp.Modules;
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
    public void Values_and_gradients_are_those_of_the_layers_one_by_one(int inputs, int hidden, int outputs, bool ofInput) =>
        Replay.Seeds(generator =>
    {
        using var mlp = new Mlp(inputs, [hidden, 25], outputs, generator);
        mlp.to(ScalarType.Float64);
        Tensor input = randn([7, inputs], ScalarType.Float64, generator: generator),
            direction = randn([7, outputs], ScalarType.Float64, generator: generator);
        input.requires_grad = ofInput;
        Tensor[] parameters = [.. mlp.parameters()], variables = ofInput ? [input, .. parameters] : parameters;

        Tensor plain = OneByOne(input, parameters), output = mlp.forward(input);
        Assert.InRange(Numeric.Greatest(output - plain), 0, 1e-13);
        IList<Tensor> found = autograd.grad([output], variables, [direction]), expected = autograd.grad([plain], variables, [direction]);
        foreach ((Tensor one, Tensor other) in found.Zip(expected))
        {
            Assert.Equal(other.shape, one.shape);
            Assert.InRange(Numeric.Greatest(one - other), 0, 1e-13);
        }
    });

    [Fact]
    public void Differentiating_twice_throws() => Replay.Seeds(generator =>
    {
        using var mlp = new Mlp(3, [8], 2, generator);
        Tensor input = randn([4, 3], generator: generator).requires_grad_();
        Tensor gradient = autograd.grad([mlp.forward(input).square().sum()], [input], create_graph: true)[0];
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => gradient.square().sum().backward());
    }, 1);

    /// <summary>
    /// Shapes of the paper's networks and others. Where a layer does not fill its blocks (33 or 48 outputs, 3
    /// or 8 inputs), oneDNN 3.7 comes to wrong numbers on some processors, also out of what lies in memory
    /// that it has not written, which is NaN here.
    /// </summary>
    [Theory]
    [InlineData(128, 784, 512, 512, 4)]
    [InlineData(96, 784, 512, 512, 4)]
    [InlineData(128, 3, 512, 512, 784)]
    [InlineData(31, 9, 512, 80, 784)]
    [InlineData(1, 784, 512, 512, 784)]
    [InlineData(600, 3, 48, 33, 200)]
    [InlineData(4, 8, 64, 100, 3)]
    public void One_dnn_comes_to_the_values_and_gradients_of_double_precision(int rows, int inputs, int first, int second, int outputs) =>
        Replay.Seeds(generator =>
    {
        using var mlp = new Mlp(inputs, [first, second], outputs, generator);
        Linear[] layers = [.. mlp.children().Cast<Linear>()];
        Tensor input = randn([rows, inputs], generator: generator).requires_grad_(),
            direction = randn([rows, outputs], generator: generator);
        Tensor[] single = [input, .. mlp.parameters()],
        twice = [.. single.Select(tensor => tensor.detach().to(ScalarType.Float64).requires_grad_())];
        FillFreedMemoryWithNan();
        Tensor found = Layers.Evaluate(input, layers, oneDnn: true), truth = OneByOne(twice[0], twice[1..]);
        FillFreedMemoryWithNan();
        IList<Tensor> gradients = autograd.grad([found], single, [direction]),
        trueGradients = autograd.grad([truth], twice, [direction.to(ScalarType.Float64)]);
        foreach ((Tensor one, Tensor other) in gradients.Prepend(found).Zip(trueGradients.Prepend(truth)))
        {
            Assert.Equal(other.shape, one.shape);
            Assert.Equal(ScalarType.Float32, one.dtype);
            // Sums of up to 784 terms, three layers of them.
            Assert.InRange(Numeric.Greatest(one - other), 0, 3e-6 * Numeric.Greatest(other));
        }
    });

    [Fact]
    public void One_dnn_takes_the_layers_of_the_papers_networks_and_none_of_double_precision()
    {
        using var scope = NewDisposeScope();
        Tensor images = zeros(128, 784), points = zeros(128, 3);
        Tensor[] encoder = [zeros(512, 784), zeros(512, 512), zeros(512, 512), zeros(4, 512)],
            decoder = [zeros(512, 3), zeros(512, 512), zeros(784, 512)];
        // Elsewhere it need not, and is not asked to.
        Assert.True(!Avx512F.IsSupported || (OneDnn.IsApplicable(images, encoder) && OneDnn.IsApplicable(points, decoder)));
        Assert.False(OneDnn.IsApplicable(points.to(ScalarType.Float64), [.. decoder.Select(weight => weight.to(ScalarType.Float64))]));
    }

    [Fact]
    public void It_takes_points_by_any_number_of_axes()
    {
        using var generator = new Generator(0);
        using var mlp = new Mlp(3, [8], 4, generator);
        Tensor points = randn([2, 5, 3], generator: generator);
        Assert.InRange(Numeric.Greatest(mlp.forward(points).flatten(0, 1) - mlp.forward(points.flatten(0, 1))), 0, 1e-6);
    }

    private static Tensor OneByOne(Tensor input, Tensor[] parameters) =>
        parameters.Chunk(2)
            .Aggregate(input, (x, layer) => nn.functional.linear(ReferenceEquals(x, input) ? x : x.relu(), layer[0], layer[1]));

    private static void FillFreedMemoryWithNan()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (int size in new[] { 16, 64, 512, 4096, 32_768, 100_352, 262_144, 401_408, 425_984 })
        {
            for (int i = 0; i < 5; i++)
            {
                full([size], float.NaN);
            }
        }
    }
}
