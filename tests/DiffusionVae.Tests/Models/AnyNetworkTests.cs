using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>An autoencoder of networks that are no perceptrons: convolutions, buffers, dropout.</summary>
public class AnyNetworkTests
{
    private const int Side = 8;

    [Fact]
    public void Parameters_and_buffers_of_both_networks_are_those_of_the_autoencoder()
    {
        using DiffusionAutoencoder model = Convolutional(LatentSpace.Parse("sphere:2"));
        string[] buffers = [.. model.named_buffers().Select(buffer => buffer.name).Order(StringComparer.Ordinal)];
        Assert.Equal(["encoder.norm.num_batches_tracked", "encoder.norm.running_mean", "encoder.norm.running_var"], buffers);
        Assert.Contains("encoder.convolution.weight", model.named_parameters().Select(parameter => parameter.name));
        Assert.Contains("decoder.out.bias", model.named_parameters().Select(parameter => parameter.name));
    }

    [Fact]
    public void In_evaluation_mode_an_image_is_encoded_without_regard_to_its_neighbours_and_buffers_stay() => Replay.Seeds(generator =>
    {
        using DiffusionAutoencoder model = Convolutional(LatentSpace.Parse("sphere:2"));
        Tensor images = rand([6, Side * Side], generator: generator);
        model.train();
        Tensor before = RunningMean(model).clone();
        model.Elbo(images, generator).LogLikelihood.mean().backward();
        Tensor learnt = RunningMean(model).clone();
        Assert.False(before.equal(learnt).all().item<bool>());
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));

        model.eval();
        Posterior together = model.Encode(images), alone = model.Encode(images.narrow(0, 2, 1));
        Assert.InRange(Numeric.Greatest(together.Mean[2] - alone.Mean[0]), 0, 1e-5);
        Assert.Equal([6, 3], together.Mean.shape);
        Assert.Equal([6, 1], together.LogTime.shape);
        Assert.Equal(images.shape, model.Reconstruct(images).shape);
        Assert.True(learnt.equal(RunningMean(model)).all().item<bool>());
    }, 1);

    [Fact]
    public void Networks_of_wrong_widths_are_refused()
    {
        using var generator = new Generator(0);
        using Tensor images = zeros(2, Side * Side);
        using DiffusionAutoencoder narrow = Convolutional(LatentSpace.Parse("sphere:2"), encoderOutputs: 5);
        Assert.StartsWith(
            "The encoder puts out 5 numbers a row, but 4 are needed",
            Assert.Throws<InvalidOperationException>(() => narrow.Encode(images)).Message,
            StringComparison.Ordinal);
        using DiffusionAutoencoder single = Convolutional(LatentSpace.Parse("sphere:2"), decoderOutputs: 1);
        Assert.StartsWith(
            "The decoder puts out 1 numbers a row, but 64 are needed",
            Assert.Throws<InvalidOperationException>(() => single.Elbo(images, generator)).Message,
            StringComparison.Ordinal);
    }

    private static Tensor RunningMean(DiffusionAutoencoder model) =>
        model.named_buffers().Single(buffer => buffer.name == "encoder.norm.running_mean").buffer;

    private static DiffusionAutoencoder Convolutional(LatentSpace latent, int? encoderOutputs = null, int decoderOutputs = Side * Side)
    {
        nn.Module<Tensor, Tensor> encoder = nn.Sequential(
            ("image", nn.Unflatten(1, [1, Side, Side])),
            ("convolution", nn.Conv2d(1, 4, kernel_size: 3, stride: 2, padding: 1)),
            ("norm", nn.BatchNorm2d(4)),
            ("bend", nn.ReLU()),
            ("drop", nn.Dropout(0.2)),
            ("flat", nn.Flatten()),
            ("out", nn.Linear(4 * Side * Side / 4, encoderOutputs ?? latent.EncoderOutputs)));
        nn.Module<Tensor, Tensor> decoder = nn.Sequential(
            ("in", nn.Linear(DiffusionAutoencoder.DecoderInputs(latent), 16)),
            ("bend", nn.ReLU()),
            ("out", nn.Linear(16, decoderOutputs)));
        return new DiffusionAutoencoder(latent, encoder, decoder, new GaussianLikelihood(1));
    }
}
