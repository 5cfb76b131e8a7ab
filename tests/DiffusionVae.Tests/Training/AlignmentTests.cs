using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>The start of an encoder, and the steps in which the decoder catches up with it.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class AlignmentTests
{
    /// <summary>
    /// The leading components of translated pictures are waves, whose phases are the factors, so that
    /// alignment finds these before any training.
    /// </summary>
    [Theory]
    [InlineData("fourier:size=16", "torus:2")]
    [InlineData("fourier:size=16", "torus:1*torus:1")]
    [InlineData("fourier:3,0.4,seed=1,size=16", "torus:2")]
    [InlineData("circle:2,0.4,seed=3,size=16", "sphere:1")]
    [InlineData("fourier:size=16", "embedded-torus")]
    public void An_aligned_encoder_is_a_homeomorphism_before_it_is_trained(string id, string manifold)
    {
        for (ulong seed = 0; seed < 3; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            using ImageData data = DataCatalogue.Parse($"{id},images=1024,test=1").Load();
            using DiffusionAutoencoder model = Model(data, manifold, seed);
            using var generator = new Generator(seed);
            Assert.True(Align(model, data.Train.Pixels, generator));
            Topology topology =
                Topology.Measure(model, data.Family!, generator, new TopologyOptions { Samples = 1500, Anchors = 50, ProofImages = 0 });
            Assert.True(topology.IsCaptured, string.Join("; ", topology.Obstacles));
        }
    }

    [Fact]
    public void A_random_encoder_is_not() // else the test above would say nothing
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse("fourier:size=16,images=10,test=1").Load();
        using DiffusionAutoencoder model = Model(data, "torus:2", 0);
        Assert.False(
            Topology.Measure(model, data.Family!, new Generator(0), new TopologyOptions { Samples = 1500, ProofImages = 0 }).IsCaptured);
    }

    [Fact]
    public void On_R2_the_aligned_latents_are_the_first_principal_components()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageSet images = Pictures.Waves(500, 3);
        using DiffusionAutoencoder model = Pictures.Model("euclidean:2");
        Assert.True(Align(model, images.Pixels, new Generator(0)));
        Tensor latents = model.Encode(images.Pixels).Mean;
        Tensor centred = images.Pixels - images.Pixels.mean([0]);
        (_, Tensor singular, Tensor axes) = torch.linalg.svd(centred, fullMatrices: false);
        Tensor scores = centred.matmul(axes.narrow(0, 0, 4).t());
        // What they leave of themselves beside the first four components, two pairs of like variance, is what
        // a hidden layer of 24 units cannot fit.
        Tensor fitted = torch.linalg.lstsq(scores, latents - latents.mean([0])).Solution;
        double unexplained = (scores.matmul(fitted) - latents + latents.mean([0])).square().mean().ToDouble();
        Assert.InRange(unexplained, 0, 0.05);
        Assert.InRange(latents.var(0).mean().ToDouble(), 0.7, 1.1);
    }

    /// <summary>
    /// Half a turn both ways makes of this picture its negative, and a linear map takes that to the antipode:
    /// the same point.
    /// </summary>
    [Fact]
    public void A_picture_and_its_negative_lie_apart_on_the_projective_plane()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse("fourier:size=16,images=1024,test=1").Load();
        using DiffusionAutoencoder model = Model(data, "projective:2", 0);
        Assert.True(Align(model, data.Train.Pixels, new Generator(0)));
        var plane = new ProjectiveSpace(2);
        Tensor apart = plane.Distance(model.Encode(data.Train.Pixels).Mean, model.Encode(-data.Train.Pixels).Mean);
        // Of two points chosen at random it is 1 on average.
        Assert.InRange(apart.mean().ToDouble(), 0.7, plane.Diameter);
    }

    [Fact]
    public void What_cannot_be_aligned_is_left_as_it_was()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("torus:2");
        double[] before = [.. model.parameters().SelectMany(Numeric.Values)];
        Assert.False(Align(model, torch.ones(50, Pictures.Side * Pictures.Side), new Generator(0)));
        Assert.False(Align(model, torch.rand(1, Pictures.Side * Pictures.Side), new Generator(0)));
        Assert.False(Align(model, torch.rand(4, Pictures.Side * Pictures.Side), new Generator(0)));
        Assert.Equal(before, model.parameters().SelectMany(Numeric.Values));
    }

    [Fact]
    public void Training_aligns_encoders_but_not_on_R_k()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.True(Alignment.CanAlign(Pictures.Model("torus:2")));
        Assert.True(Alignment.CanAlign(Pictures.Model("euclidean:1*torus:1")));
        Assert.False(Alignment.CanAlign(Pictures.Model("euclidean:2")));
        Assert.False(Alignment.CanAlign(Pictures.Model("euclidean:1*euclidean:1")));
    }

    [Theory]
    [MemberData(nameof(Manifolds))]
    public void Every_latent_space_can_be_aligned(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model(id);
        Tensor images = torch.rand([200, Pictures.Side * Pictures.Side], generator: new Generator(1));
        Assert.True(Align(model, images, new Generator(0)));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    public static TheoryData<string> Manifolds => [.. ManifoldCatalogue.Examples, "sphere:2*torus:1", "euclidean:1*so3"];

    [Fact]
    public void The_encoder_waits_and_then_takes_up_its_rate()
    {
        var options = new TrainingOptions { EncoderDelay = 100 };
        Assert.Equal([0, 0, 0.5, 1, 1], new long[] { 0, 100, 175, 250, 5000 }.Select(step => options.EncoderShareAt(step, 10_000)));
        Assert.Equal([0, 0, 1], new long[] { 0, 2, 5 }.Select(step => options.EncoderShareAt(step, 20)));
        Assert.Equal(1, options.EncoderShareAt(0, 5));
        Assert.Equal(1, (options with { Initialisation = Initialisation.Random }).EncoderShareAt(0, 10_000));
        Assert.Equal(1, (options with { EncoderDelay = 0 }).EncoderShareAt(0, 10_000));
    }

    [Fact]
    public void Ten_short_runs_on_translated_pictures_all_capture_the_torus()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            using ImageData data = DataCatalogue.Parse("fourier:size=16,images=1000,test=100").Load();
            using DiffusionAutoencoder model = Model(data, "torus:2", (ulong)seed);
            new Trainer(model, new TrainingOptions { Epochs = 12, Seed = seed }).Train(data.Train, data.Test);
            Topology topology = Topology.Measure(
                model, data.Family!, new Generator(0), new TopologyOptions { Samples = 1000, Anchors = 50, ProofImages = 0 });
            Assert.True(topology.IsCaptured, $"seed {seed}: {string.Join("; ", topology.Obstacles)}");
        }
    }

    private static bool Align(DiffusionAutoencoder model, Tensor images, Generator generator)
    {
        LinearAlignment? found = LinearAlignment.Find(model, images, generator);
        found?.Apply();
        return found is not null;
    }

    private static DiffusionAutoencoder Model(ImageData data, string manifold, ulong seed)
    {
        using var weights = new Generator(seed);
        return DiffusionAutoencoder.Create(
            LatentSpace.Parse(manifold), data.PixelCount, new NetworkOptions { EncoderWidths = [128, 128], DecoderWidths = [128, 128] },
            weights);
    }
}
