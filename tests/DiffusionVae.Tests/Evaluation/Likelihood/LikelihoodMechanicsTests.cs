using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>Pieces, memory, progress, cancellationToken, wrong arguments.</summary>
public class LikelihoodMechanicsTests
{
    [Fact]
    public void The_size_of_pieces_does_not_matter_to_quadrature()
    {
        using DiffusionAutoencoder model = SmallModels.Create("sphere:2");
        using ImageSet images = SmallModels.Images(model, 20);
        QuadratureRule rule = model.Latent.Prior!.Quadrature(0.1)!;
        using var atOnce = new PriorIntegral(model, images.Pixels) { NodesAtOnce = 100_000 };
        using var inPieces = new PriorIntegral(model, images.Pixels) { NodesAtOnce = 37, ImagesAtOnce = 3 };
        double[] whole = atOnce.LogMean(rule, _ => { }, default), pieces = inPieces.LogMean(rule, _ => { }, default);
        Assert.All(whole.Zip(pieces), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    [Theory]
    [InlineData("euclidean:3", 1e-2, 0.25)]
    [InlineData("euclidean:2", 1e-3, 0.3)]
    [InlineData("sphere:2", 1e-3, 0.6)]
    [InlineData("torus:1*sphere:1", 1e-3, 0.6)]
    public void Leaving_out_boxes_that_a_coarser_rule_found_empty_changes_nothing(string id, double variance, double share)
    {
        using DiffusionAutoencoder model = SmallModels.Create(id, FormattableString.Invariant($"gaussian:{variance}"));
        using ImageSet images = SmallModels.Images(model, 20);
        // In float32 products of another width are rounded otherwise, by 3e-5 where a logarithm is in the
        // hundreds.
        model.to(ScalarType.Float64);
        using Tensor pixels = images.Pixels.to(ScalarType.Float64);
        QuadratureRule[] rules = [.. QuadratureGrids.Create(model.Latent, 300_000).TakeLast(2)];
        Assert.All(rules, rule => Assert.True(rule.FewestAlongACoordinate >= 48));
        using var everywhere = new PriorIntegral(model, pixels);
        using var narrowed = new PriorIntegral(model, pixels);
        double[] whole = everywhere.LogMean(rules[1], _ => { }, default);
        narrowed.LogMean(rules[0], _ => { }, default);
        long before = narrowed.Compared, done = 0;
        double[] rest = narrowed.LogMean(rules[1], count => done = count, default);
        Assert.InRange(narrowed.Compared - before, 1, (long)(share * everywhere.Compared));
        Assert.Equal(everywhere.Compared, 20 * rules[1].Count);
        Assert.InRange(done, 1, rules[1].Count);
        // What is left out: shares below e^-15 = 3e-7 each.
        Assert.All(whole.Zip(rest), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void The_size_of_pieces_does_not_matter_to_importance_sampling(int samples)
    {
        using DiffusionAutoencoder model = SmallModels.Create("torus:2");
        using ImageSet images = SmallModels.Images(model, 7);
        (double[] Values, double[] Sizes) whole = Measure(100_000), pieces = Measure(37), some = Measure(256);
        Assert.Equal(6, whole.Values.Length);
        Assert.All(whole.Values.Zip(pieces.Values, some.Values), image =>
            Assert.InRange(Math.Max(Math.Abs(image.First - image.Second), Math.Abs(image.First - image.Third)), 0, 1e-4));
        Assert.All(whole.Sizes.Zip(pieces.Sizes), image => Assert.Equal(1, image.Second / image.First, 1e-4));

        (double[] Values, double[] Sizes) Measure(int rows)
        {
            using var generator = new Generator(4, CPU);
            double last = 0;
            (double[], double[]) result = new ImportanceSampler(model, generator, samples) { RowsAtOnce = rows }
                .Measure(images.Pixels, 6, new Recorder(share => last = Grown(last, share)), default);
            Assert.Equal(1, last);
            return result;
        }
    }

    [Fact]
    public void The_same_generator_gives_the_same_numbers()
    {
        using DiffusionAutoencoder model = SmallModels.Create("so3*euclidean:1");
        using ImageSet images = SmallModels.Images(model, 10);
        ImportanceLikelihood[] results = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var generator = new Generator(9, CPU);
            return ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = 300, Images = 7 });
        })];
        Assert.Equal(7, results[0].Count);
        Assert.Equal(results[0].LogLikelihood, results[1].LogLikelihood);
        Assert.Equal(results[0].EffectiveSampleSize, results[1].EffectiveSampleSize);
    }

    [Fact]
    public void Memory_does_not_grow_with_samples_or_nodes()
    {
        using DiffusionAutoencoder model = SmallModels.Create("embedded-torus:3,0.6*projective:1");
        using ImageSet images = SmallModels.Images(model, 5);
        using var generator = new Generator(9, CPU);
        var live = new List<long>();
        var observer = new Recorder(_ => live.Add(Tensor.TotalCount));
        // Two threads would hold as many tensors as they happen to be busy with.
        var many = new ImportanceOptions { Samples = 80_000, Images = 2 };
        Assert.Equal(
            0, Leaks.Of(() => Threads.With(1, () => ImportanceLikelihood.Measure(model, images, generator, many, observer))));
        Assert.Equal(20, live.Count);
        Assert.Equal(live[^5], live[^1]);
        live.Clear();
        using var integral = new PriorIntegral(model, images.Pixels);
        Assert.Equal(0, Leaks.Of(() => integral.LogMean(model.Latent.Prior!.Quadrature(0.3)!, _ => live.Add(Tensor.TotalCount), default)));
        Assert.Equal(live[^5], live[^1]);
        Assert.Equal(0, Leaks.Of(() => QuadratureLikelihood.Measure(model, images, new QuadratureOptions { MaximumNodes = 10_000 })));
    }

    [Fact]
    public void A_grid_that_is_too_coarse_is_not_called_right()
    {
        (DiffusionAutoencoder model, _) = SmallModels.Linear(1e-5);
        using ImageSet images = SmallModels.Images(model, 5);
        double last = 0;
        QuadratureLikelihood result = QuadratureLikelihood.Measure(
            model, images, new QuadratureOptions { MaximumNodes = 10_000 }, new Recorder(share => last = Grown(last, share)));
        Assert.False(result.Converged);
        Assert.True(result.MaximumError > 0.01);
        Assert.InRange(result.Nodes, 4000, 10_000);
        Assert.Equal(1, last);
        model.Dispose();
    }

    [Fact]
    public void Wrong_options_are_refused_with_their_values()
    {
        using DiffusionAutoencoder model = SmallModels.Create("sphere:2");
        using ImageSet images = SmallModels.Images(model, 5);
        using var generator = new Generator(9, CPU);
        string Importance(ImportanceOptions options) =>
            Assert.Throws<ArgumentException>(() => ImportanceLikelihood.Measure(model, images, generator, options)).Message;
        string Quadrature(QuadratureOptions options) =>
            Assert.Throws<ArgumentException>(() => QuadratureLikelihood.Measure(model, images, options)).Message;
        Assert.Equal("Samples is 0; it must be at least 1.", Importance(new ImportanceOptions { Samples = 0 }));
        Assert.Equal(
            "Images is 6; it must lie between 1 and 5, the number of images that there are.",
            Importance(new ImportanceOptions { Images = 6 }));
        Assert.Equal(
            "Images is 0; it must lie between 1 and 5, the number of images that there are.",
            Quadrature(new QuadratureOptions { Images = 0 }));
        Assert.Equal("Tolerance is 0; it must be positive and finite.", Quadrature(new QuadratureOptions { Tolerance = 0 }));
        Assert.Equal("MaximumNodes is 9; it must be at least 10000.", Quadrature(new QuadratureOptions { MaximumNodes = 9 }));
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        Assert.Equal(100, new ImportanceOptions().Samples);
        Assert.Null(new ImportanceOptions().Images);
        Assert.Equal(1e-3, new QuadratureOptions().Tolerance);
        Assert.Equal(4_194_304, new QuadratureOptions().MaximumNodes);
    }

    [Theory]
    [InlineData("sphere:5")]
    [InlineData("euclidean:2*torus:2")]
    public void Quadrature_is_for_three_dimensions_at_most(string id)
    {
        using DiffusionAutoencoder model = SmallModels.Create(id);
        using ImageSet images = SmallModels.Images(model, 5);
        string message = Assert.Throws<ArgumentException>(() => QuadratureLikelihood.Measure(model, images)).Message;
        Assert.Contains($"'{id}'", message, StringComparison.Ordinal);
        Assert.Contains("above dimension 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifolds_of_ones_own_do_as_far_as_they_are_known()
    {
        var circle = new Sphere(1);
        using var generator = new Generator(9, CPU);
        NetworkOptions small = new() { EncoderWidths = [8], DecoderWidths = [8] };
        using var closed = DiffusionAutoencoder.Create(LatentSpace.Create(new PlainCircle()), SmallModels.Pixels, small, generator);
        using var projected = DiffusionAutoencoder.Create(
            LatentSpace.Create(new ProjectedManifold("mine", 1, 2, circle.Project)), SmallModels.Pixels, small, generator);
        using ImageSet images = SmallModels.Images(closed, 5);
        Assert.All(ImportanceLikelihood.Measure(closed, images, generator).LogLikelihood, value => Assert.True(double.IsFinite(value)));
        Assert.Contains(
            "IQuadratureManifold", Assert.Throws<NotSupportedException>(() => QuadratureLikelihood.Measure(closed, images)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "IClosedManifold",
            Assert.Throws<NotSupportedException>(() => ImportanceLikelihood.Measure(projected, images, generator)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Both_can_be_stopped()
    {
        using DiffusionAutoencoder model = SmallModels.Create("sphere:2");
        using ImageSet images = SmallModels.Images(model, 5);
        using var generator = new Generator(9, CPU);
        var options = new ImportanceOptions { Samples = 5000 };
        foreach (int threads in new[] { 1, 3 })
        {
            using var source = new CancellationTokenSource();
            var stopper = new Recorder(_ => source.Cancel());
            Assert.Throws<OperationCanceledException>(() => Threads.With(
                threads, () => ImportanceLikelihood.Measure(model, images, generator, options, stopper, source.Token)));
        }
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => QuadratureLikelihood.Measure(model, images, null, null, stopped.Token));
    }

    private static double Grown(double before, double now)
    {
        Assert.InRange(now, before, 1);
        return now;
    }

    /// <summary>At once, on the same thread; <see cref="Progress{T}"/> posts to another.</summary>
    private sealed class Recorder(Action<double> action) : IProgress<double>
    {
        public void Report(double value) => action(value);
    }

    /// <summary>A closed manifold with nothing but what the interface asks for.</summary>
    private sealed class PlainCircle : IClosedManifold
    {
        private readonly Sphere circle = new(1);

        public string Id => "plain-circle";

        public int Dimension => 1;

        public int AmbientDimension => 2;

        public double LogVolume => circle.LogVolume;

        public Tensor Project(Tensor x) => circle.Project(x);

        public Tensor ScalarCurvature(Tensor points) => circle.ScalarCurvature(points);

        public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
            circle.SampleUniform(count, generator, dtype);
    }
}
