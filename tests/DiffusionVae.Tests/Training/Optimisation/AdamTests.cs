using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>The optimiser and the vector it works on.</summary>
public class AdamTests
{
    [Theory]
    [InlineData(0.999, false)]
    [InlineData(0.999, true)]
    [InlineData(0.95, false)]
    [InlineData(0.95, true)]
    public void Steps_fused_and_plain_are_those_of_Adam_as_published(double beta2, bool plain) => Replay.Seeds(generator =>
    {
        using nn.Module<Tensor, Tensor> network = nn.Linear(7, 3);
        using var parameters = new FlatParameters(network);
        using var adam = new Adam(parameters, beta2, plain);
        double[] theta = Numeric.Values(parameters.Values), first = new double[theta.Length], second = new double[theta.Length];
        for (int t = 1; t <= 50; t++)
        {
            double rate = 0.01 / t;
            Tensor gradient = randn([theta.Length], generator: generator) * Math.Pow(10, (t % 7) - 4);
            double[] g = Numeric.Values(gradient);
            for (int i = 0; i < theta.Length; i++)
            {
                first[i] = (0.9 * first[i]) + (0.1 * g[i]);
                second[i] = (beta2 * second[i]) + ((1 - beta2) * g[i] * g[i]);
                theta[i] -= rate * (first[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(second[i] / (1 - Math.Pow(beta2, t))) + 1e-8);
            }
            // In shards whose sum is exact, and as automatic differentiation may hand them over, too:
            // transposed in memory.
            foreach (Action piece in adam.Step(rate, [Parts(gradient * 0.25), Parts(gradient * 0.5), Parts(gradient * 0.25)]))
            {
                piece();
            }
            double[] found = Numeric.Values(parameters.Values);
            Assert.All(found.Zip(theta), pair => Assert.Equal(pair.Second, pair.First, 2e-6));

            PartialGradient[] Parts(Tensor vector) =>
                [.. parameters.Views(vector).Select(part => new PartialGradient(part.dim() == 2 ? part.t().contiguous().t() : part, []))];
        }
    });

    [Fact]
    public void Gradients_are_those_of_the_loss_and_are_left_out_where_the_encoder_rests()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using var optimiser = new Optimiser(model, 0.999);
        Tensor x = rand(5, Pictures.Side * Pictures.Side);
        Tensor Loss() => model.Decoder.forward(model.Encoder.forward(x).narrow(1, 0, 3)).Squared().sum();
        Gradients gradients = optimiser.Differentiate(Loss(), encoderRests: false),
        resting = optimiser.Differentiate(Loss(), encoderRests: true);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Loss().backward();
        Assert.Equal(
            model.Encoder.parameters().SelectMany(parameter => Numeric.Values(parameter.grad!)),
            gradients.Encoder.SelectMany(Values));
        Assert.Equal(
            model.Decoder.parameters().SelectMany(parameter => Numeric.Values(parameter.grad!)),
            gradients.Decoder.SelectMany(Values));
        Assert.Equal(gradients.Decoder.SelectMany(Values), resting.Decoder.SelectMany(Values));
        Assert.Empty(resting.Encoder);
        Assert.Null(optimiser.NotFinite(gradients));
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_depend_on_stays()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using var optimiser = new Optimiser(model, 0.999);
        double[] before = [.. model.Encoder.parameters().SelectMany(Numeric.Values)];
        Tensor loss = model.Decoder.forward(rand(5, 3)).sum();
        optimiser.Step([optimiser.Differentiate(loss, encoderRests: false)], 0.1, 0.1);
        Assert.Equal(before, model.Encoder.parameters().SelectMany(Numeric.Values));
    }

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
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    [InlineData(float.NaN, false)]
    public void What_is_not_finite_on_its_way_back_shows_with_biases_and_without(float value, bool biases)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = nn.Sequential(nn.Linear(7, 30, biases), nn.ReLU(), nn.Linear(30, 3, biases));
        Tensor output = network.forward(rand(5, 7));
        Tensor factor = ones_like(output);
        Gradients Of(Tensor loss)
        {
            IList<Tensor> gradients = autograd.grad([loss], [.. network.parameters()], retain_graph: true);
            return new([.. gradients.Select(dense => new PartialGradient(dense, []))], []);
        }

        Assert.True(Of((output * factor).sum()).LookFinite);
        factor[2, 1] = value;
        Assert.False(Of((output * factor).sum()).LookFinite);
    }

    private static double[] Values(PartialGradient gradient) => Numeric.Values(gradient.Dense!);
}
