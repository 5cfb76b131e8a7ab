using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training.Spectral;

/// <summary>Layouts of data whose shape is known.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class SpectralLayoutTests
{
    /// <summary>
    /// No principal components show these shapes: entries are bent by squares, so that the layout must find
    /// them by neighbours.
    /// </summary>
    [Theory]
    [InlineData("sphere:2", 1500)]
    [InlineData("torus:2", 1500)]
    [InlineData("so3", 3000)]
    public void Bent_copies_of_a_manifold_are_laid_on_it(string id, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor points = latent.SamplePrior(count, new Generator(3));
        Tensor mixed = points.matmul(randn([points.size(1), 24], generator: new Generator(4)));
        SpectralLayout layout = Find((mixed + 1).square(), latent)!;
        Assert.InRange(layout.Residual, 0, 0.05);
        var metric = (IMetricManifold)latent.Manifolds[0];
        Assert.InRange(Correlation(metric, points.narrow(0, 0, 400), latent.Mean(layout.Outputs.narrow(0, 0, 400))), 0.9, 1);
    }

    [Fact]
    public void A_turntable_whose_opposite_views_look_alike_goes_once_round_the_circle()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse("turntable:2,seed=1,size=16,images=72,fixed").Load();
        Tensor points = data.Train.Factors!.Points, angles = atan2(points.select(1, 1), points.select(1, 0));
        SpectralLayout layout = Find(data.Train.Pixels, LatentSpace.Parse("circle"))!;
        Tensor inOrder = layout.Outputs.index_select(0, angles.argsort());
        Tensor laid = atan2(inOrder.select(1, 1), inOrder.select(1, 0)), steps = laid.roll(-1) - laid;
        double turns = (steps - ((steps / (2 * Math.PI)).round() * (2 * Math.PI))).sum().item<float>() / (2 * Math.PI);
        Assert.Equal(1, Math.Abs(turns), 3);
    }

    [Fact]
    public void The_bits_are_the_same_on_any_number_of_threads()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse("sphere:2");
        Tensor observations = latent.SamplePrior(700, new Generator(0)).matmul(randn([3, 8], generator: new Generator(1))).square();
        int threads = get_num_threads();
        try
        {
            Tensor[] found = [.. Enumerable.Range(1, 3).Select(number =>
            {
                set_num_threads(number);
                Tensor outputs = Find(observations, latent)!.Outputs;
                Assert.Equal(number, get_num_threads());
                return outputs;
            })];
            Assert.All(found, outputs => Assert.Equal(0, (outputs - found[0]).abs().max().item<float>()));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Of_observations_that_are_all_alike_there_is_none()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse("sphere:2");
        Assert.Null(Find(ones(100, 5), latent));
        Assert.Null(Find(ones(1, 5), latent));
        Assert.Null(Find(full([100, 5], 1e30f) * randn([100, 5]), latent));
    }

    [Fact]
    public void Slow_features_leave_out_what_differs_between_neighbours()
    {
        using DisposeScope scope = NewDisposeScope();
        using var serial = new SerialScope();
        Tensor angles = arange(400, dtype: float32) * (2 * Math.PI / 400);
        Tensor slow = stack([angles.cos(), angles.sin()], -1), quick = 0.5 * stack([(20 * angles).cos(), (20 * angles).sin()], -1);
        Tensor mixed = cat([slow, quick], 1).matmul(linalg.qr(randn([4, 4], generator: new Generator(0))).Q);
        Tensor features = SlowFeatures.Compute(mixed - mixed.mean([0]), NeighbourGraph.Create(mixed, 2, serial));
        Assert.InRange(ShapePoints.Explained(slow, features.narrow(1, 0, 2)), 0.999, 1);
        // Divided by their speeds: twenty times as slow, in squares, but for chords in place of arcs.
        Tensor deviations = features.square().mean([0]).sqrt();
        Assert.InRange((deviations[0] / deviations[3]).item<float>(), 350, 420);
    }

    private static SpectralLayout? Find(Tensor observations, LatentSpace latent) =>
        SpectralLayout.Find(observations, latent, new Generator(0), _ => { });

    private static double Correlation(IMetricManifold metric, Tensor factors, Tensor latents)
    {
        Tensor Distances(Tensor points) => metric.Distance(points.unsqueeze(1), points).flatten();
        return corrcoef(stack([Distances(factors), Distances(latents)]))[0, 1].item<float>();
    }
}
