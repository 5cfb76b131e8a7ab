using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>A decoder is a function of points, not of their representatives.</summary>
public class DecoderTests
{
    [Theory]
    [InlineData("projective:2", true)]
    [InlineData("projective:2", false)]
    [InlineData("projective:3", true)]
    [InlineData("projective:2*projective:1", true)]
    [InlineData("projective:2*projective:1", false)]
    [InlineData("projective:1*sphere:2*projective:2", true)]
    [InlineData("projective:1*sphere:2*projective:2", false)]
    public void All_representatives_decode_to_the_same_image(string id, bool average) => Replay.Seeds(generator =>
    {
        using DiffusionAutoencoder model = Pictures.Model(id, Pictures.Small with { AverageAntipodes = average });
        Tensor points = model.Latent.SamplePrior(20, generator);
        IReadOnlyList<Tensor> representatives = model.Latent.Representatives(points);
        Assert.Equal(1 << id.Split('*').Count(factor => factor.StartsWith("projective", StringComparison.Ordinal)), representatives.Count);
        Tensor image = model.Decode(points);
        Assert.True(image.std().item<float>() > 1e-3, "the decoder is constant");
        foreach (Tensor other in representatives)
        {
            Assert.InRange(Numeric.Greatest(model.Decode(other) - image), 0, 1e-6);
        }
    });

    [Theory]
    [InlineData("sphere:2")]
    [InlineData("so3")]
    [InlineData("euclidean:2")]
    public void Without_antipodes_averaging_changes_nothing(string id) => Replay.Seeds(generator =>
    {
        using DiffusionAutoencoder plain = Pictures.Model(id),
        averaged = Pictures.Model(id, Pictures.Small with { AverageAntipodes = true });
        Tensor points = plain.Latent.SamplePrior(20, generator);
        Assert.Equal(Numeric.Values(plain.Decode(points)), Numeric.Values(averaged.Decode(points)));
    });

    [Fact]
    public void Averaging_is_the_mean_of_the_network_at_both_representatives() => Replay.Seeds(generator =>
    {
        using DiffusionAutoencoder model = Pictures.Model("projective:2", Pictures.Small with { AverageAntipodes = true });
        Tensor points = model.Latent.SamplePrior(5, generator);
        Tensor expected = (model.Decoder.forward(points) + model.Decoder.forward(-points)) / 2;
        Assert.InRange(Numeric.Greatest(model.DecoderOutput(points) - expected), 0, 1e-6);
    });

    [Fact]
    public void Widths_of_networks_follow_from_the_latent_space()
    {
        LatentSpace latent = LatentSpace.Parse("projective:2*euclidean:2*so3");
        Assert.Equal((3 + 2 + 9) + (1 + 2 + 1), latent.EncoderOutputs);
        Assert.Equal(6 + 2 + 9, DiffusionAutoencoder.DecoderInputs(latent));
        Assert.Equal(3 + 2 + 9, DiffusionAutoencoder.DecoderInputs(latent, averageAntipodes: true));
    }
}
