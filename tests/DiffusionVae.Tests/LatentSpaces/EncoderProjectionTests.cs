using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>From what an encoder puts out to a point.</summary>
public class EncoderProjectionTests
{
    private static readonly EmbeddedTorus Ring = new();

    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    /// <summary>Polar coordinates of each vector, in place of the arithmetic of cosines and sines.</summary>
    [Fact]
    public void Unfolded_the_directions_of_two_vectors_are_the_angles_of_the_ring_torus()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Create(Ring);
        Assert.Equal((3, 4), (latent.AmbientDimension, latent.MeanDimension));
        Tensor output = torch.randn([500, 4], ScalarType.Float64, generator: new Generator(1)) * 10;
        Tensor vectors = output.view(-1, 2, 2), angles = torch.atan2(vectors.select(-1, 1), vectors.select(-1, 0));
        Tensor mean = latent.Mean(output);
        Assert.Equal(0, (mean - Ring.FromAngles(angles)).abs().max().ToDouble(), 1e-14);
        Assert.Equal(0, (latent.Mean(output * 3) - mean).abs().max().ToDouble(), 1e-14);
    }

    /// <summary>By central differences.</summary>
    [Fact]
    public void Gradients_go_through_the_fold()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Create(Ring);
        Tensor output = torch.randn([20, 4], ScalarType.Float64, generator: new Generator(2)),
            weights = torch.randn([20, 3], ScalarType.Float64, generator: new Generator(3));
        Tensor moved = output.clone().requires_grad_();
        Tensor gradient = torch.autograd.grad([(latent.Mean(moved) * weights).sum()], [moved])[0];
        const double step = 1e-5;
        for (int i = 0; i < 4; i++)
        {
            Tensor aside = torch.zeros_like(output);
            aside.select(-1, i).fill_(step);
            Tensor difference = ((latent.Mean(output + aside) - latent.Mean(output - aside)) * weights).sum(-1) / (2 * step);
            // Third derivatives grow as the length of a vector falls; none here is shorter than a fifth.
            Assert.Equal(0, (difference - gradient.select(-1, i)).abs().max().ToDouble(), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void By_the_closest_point_an_encoder_puts_out_a_point_of_the_surrounding_space(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse(id, new LatentOptions { Projection = EncoderProjection.Closest });
        Assert.Equal(latent.AmbientDimension, latent.MeanDimension);
        Tensor output = torch.randn([50, latent.AmbientDimension], ScalarType.Float64, generator: new Generator(4));
        Assert.Equal(0, (latent.Mean(output) - latent.Project(output)).abs().max().ToDouble());
    }

    [Fact]
    public void A_product_is_encoded_factor_by_factor()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse("sphere:2*embedded-torus:3,0.6*euclidean:1");
        Assert.Equal((7, 8), (latent.AmbientDimension, latent.MeanDimension));
        Tensor output = torch.randn([10, 8], ScalarType.Float64, generator: new Generator(5));
        Tensor expected = torch.cat([
            new Sphere(2).Project(output.narrow(-1, 0, 3)), LatentSpace.Create(Ring).Mean(output.narrow(-1, 3, 4)),
            output.narrow(-1, 7, 1)], -1);
        Assert.Equal(0, (latent.Mean(output) - expected).abs().max().ToDouble());
    }

    [Fact]
    public void What_cannot_be_unfolded_is_refused()
    {
        var fault = Assert.Throws<ArgumentException>(
            () => LatentSpace.Parse("sphere:2", new LatentOptions { Projection = EncoderProjection.Unfolded }));
        Assert.Equal("Manifold 'sphere:2' cannot be encoded unfolded, as the ring torus can; use the closest point.", fault.Message);
    }

    [Theory]
    [InlineData(EncoderProjection.Closest, 3 + 1)]
    [InlineData(EncoderProjection.Unfolded, 4 + 1)]
    public void The_encoder_is_as_wide_as_its_projection_asks(EncoderProjection projection, int width)
    {
        LatentSpace latent = LatentSpace.Create(Ring, new LatentOptions { Projection = projection });
        using DiffusionAutoencoder model = DiffusionAutoencoder.Create(latent, 64, Pictures.Small, new Generator(0));
        Assert.Equal(width, latent.EncoderOutputs);
        Assert.Equal(width, model.Encoder.parameters().Last().size(0));
    }
}
