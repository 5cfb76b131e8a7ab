using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

public class PixelLikelihoodTests
{
    [Theory]
    [InlineData("gaussian", 1)]
    [InlineData("gaussian:0.01", 1)]
    [InlineData("gaussian:0.0001", 1)]
    [InlineData("gaussian", 100)]
    [InlineData("bernoulli", 1)]
    [InlineData("bernoulli", 20)]
    public void All_forms_of_the_likelihood_are_one(string id, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        PixelLikelihood likelihood = PixelLikelihood.Parse(id);
        Tensor images = rand([5, 3000], generator: generator);
        // Decoders that are right come near the images, where large squares cancel.
        Tensor output = id == "bernoulli"
            ? randn([7, 3000], generator: generator)
            : images[0] + (randn([7, 3000], generator: generator) * 0.01);
        (images, output) = (id == "bernoulli" ? images : images * scale, output * scale);
        Tensor exact = likelihood.Score(images.to(ScalarType.Float64).unsqueeze(1), output.to(ScalarType.Float64)).LogLikelihood;
        Tensor cross = likelihood.CrossLogLikelihood(images, output);
        Tensor each = likelihood.LogLikelihood(images, output.expand(5, 7, 3000));
        Assert.Equal([5, 7], cross.shape);
        Assert.Equal(ScalarType.Float64, each.dtype);
        Assert.InRange(Numeric.Greatest(cross - exact), 0, 1e-3);
        // Far images, of -1e7 nats or so, to as many digits.
        Assert.InRange(Numeric.Greatest((each - exact) / (1 + (exact.abs() * 1e-3))), 0, 1e-3);
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("bernoulli")]
    public void Nothing_is_left_behind(string id)
    {
        PixelLikelihood likelihood = PixelLikelihood.Parse(id);
        using Tensor images = ones(2, 4).DetachFromDisposeScope(), output = ones(3, 4).DetachFromDisposeScope(),
        several = ones(2, 3, 4).DetachFromDisposeScope();
        Assert.Equal(0, Leaks.Of(() => likelihood.CrossLogLikelihood(images, output).Dispose()));
        Assert.Equal(0, Leaks.Of(() => likelihood.LogLikelihood(images, several).Dispose()));
    }
}
