using System.Diagnostics;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>A step whose batch is cut into shards that several threads compute.</summary>
public class ShardedTrainingTests
{
    /// <summary>Of 100 rows a shard of 64 and one of 36.</summary>
    private const int Rows = 100;

    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    /// <summary>A product of unlike manifolds; in the long form every manifold.</summary>
    public static TheoryData<string> Littered =>
        LongForm.IsOn ? Examples.AllAndProducts : new TheoryData<string> { "projective:2*embedded-torus*euclidean:1" };

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void Weights_and_metrics_are_the_same_to_the_last_bit_on_1_2_3_and_8_threads(string id)
    {
        double[] alone = Threads.With(1, () => Trained(id));
        Assert.All([2, 3, 8], threads => Assert.Equal(alone, Threads.With(threads, () => Trained(id))));
    }

    /// <summary>What libtorch reads while a shard computes must not be collected meanwhile.</summary>
    [Theory]
    [Trait(LongForm.Trait, LongForm.Value)]
    [MemberData(nameof(Littered))]
    public void Garbage_that_is_collected_without_pause_changes_no_bit(string id)
    {
        double[] quietly = Threads.With(3, () => Trained(id));
        using var enough = new CancellationTokenSource();
        int collections = 0;
        var collector = new Thread(() =>
        {
            for (; !enough.IsCancellationRequested; collections++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        double[] littered = Threads.With(3, () => Trained(id));
        enough.Cancel();
        collector.Join();
        Assert.True(collections > 10, $"{collections} collections");
        Assert.Equal(quietly, littered);
    }

    /// <summary>
    /// Against the mean over the whole batch, differentiated at once. The sums have at most a hundred terms
    /// in single precision; in another order they differ in the last digits.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_gradients_of_the_shards_add_up_to_that_of_the_batch(int samples)
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using var optimiser = new Optimiser(model, 0.999);
        using ImageSet images = Pictures.Waves(Rows, 1);
        var schedule = new StepSchedule { EncoderRate = 1, DecoderRate = 1, KlWeight = 0.7, EncoderRests = false };
        using Generator noise = new(3, CPU), same = new(3, CPU);
        StepGradients found = StepGradients.Compute(model, optimiser, images.Pixels, noise, samples, schedule, scope);
        Assert.Equal(2, found.OfShards.Count);

        ulong[] seeds = Seeds.Draw(same, 2);
        using Generator first = new(seeds[0], CPU), second = new(seeds[1], CPU);
        var whole = ElboTerms.Join([model.Elbo(images.Pixels[..64], first, samples), model.Elbo(images.Pixels[64..], second, samples)]);
        Tensor loss = ((whole.Divergence.sum(-1) * 0.7) - whole.LogLikelihood).mean();
        Gradients expected = optimiser.Differentiate(loss, encoderRests: false);

        Assert.Equal(Numeric.Values(whole.LogLikelihood), Numeric.Values(found.Terms.LogLikelihood));
        Close(expected.Encoder, found.OfShards.Select(shard => shard.Encoder));
        Close(expected.Decoder, found.OfShards.Select(shard => shard.Decoder));
    }

    [Theory]
    [InlineData(true, new long[] { 36, 64 })]
    [InlineData(false, new long[] { 100 })]
    public void Only_networks_that_declare_their_rows_independent_see_a_part_of_the_batch(bool declared, long[] rows)
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder perceptrons = Pictures.Model("sphere:2");
        Assert.True(perceptrons.HasIndependentRows);
        var seen = new List<long>();
        var decoder = new WatchedNetwork(perceptrons.Decoder, count =>
        {
            lock (seen)
            {
                seen.Add(count);
            }
        });
        using DiffusionAutoencoder model = declared
            ? new(perceptrons.Latent, perceptrons.Encoder, decoder, perceptrons.Likelihood) { HasIndependentRows = true }
            : new(perceptrons.Latent, perceptrons.Encoder, decoder, perceptrons.Likelihood);
        Assert.Equal(declared, model.HasIndependentRows);
        using ImageSet images = Pictures.Waves(Rows, 1);
        Threads.With(2, () => new Trainer(model, new TrainingOptions { Epochs = 1, BatchSize = Rows }).Train(images, images.Slice(0, 7)));
        Assert.Equal(rows.Prepend(7), seen.Order());
    }

    /// <summary>
    /// A decoder that sleeps asks for no processor time, as a thread that has to wait gets none.
    /// </summary>
    [Fact]
    public void Threads_that_get_too_little_of_the_processor_are_told_of_once()
    {
        using DiffusionAutoencoder perceptrons = Pictures.Model("sphere:2");
        var decoder = new WatchedNetwork(perceptrons.Decoder, _ => Thread.Sleep(40));
        using DiffusionAutoencoder model =
            new(perceptrons.Latent, perceptrons.Encoder, decoder, perceptrons.Likelihood) { HasIndependentRows = true };
        using ImageSet images = Pictures.Waves(Rows, 1);
        var told = new Warnings();
        Threads.With(2, () => new Trainer(model, new TrainingOptions { Epochs = 12, BatchSize = Rows }).Train(images, images, told));
        // Elsewhere threads do not know their processor time.
        Assert.Equal(OperatingSystem.IsLinux() ? 1 : 0, told.Sentences.Count);
    }

    /// <summary>
    /// Below 80% of two seconds, and not of less than one; a single thread takes what it gets.
    /// </summary>
    [Theory]
    [InlineData(2, 2.0, 1.5, true)]
    [InlineData(2, 2.0, 1.7, false)]
    [InlineData(2, 0.9, 0.1, false)]
    [InlineData(1, 2.0, 0.5, false)]
    public void A_warning_needs_threads_that_were_kept_from_computing(int threads, double seconds, double computed, bool isWarned)
    {
        (double All, double Computed) spent = (3, 2);
        var company = new Company(() => ((long)(spent.All * Stopwatch.Frequency), (long)(spent.Computed * Stopwatch.Frequency)));
        spent = (3 + seconds, 2 + computed);
        Assert.Equal(isWarned, Threads.With(threads, company.Warning) is not null);
        Assert.Null(Threads.With(threads, company.Warning));
    }

    [Fact]
    public void Rows_are_independent_by_default_only_where_all_parts_are_the_librarys_own()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder perceptrons = Pictures.Model("sphere:2*euclidean:1");
        Assert.True(perceptrons.HasIndependentRows);
        using var weights = new Generator(1);
        var mine = LatentSpace.Create(new ProjectedManifold("mine", 2, 3, x => x / x.norm(-1, keepdim: true)));
        using DiffusionAutoencoder onMine = DiffusionAutoencoder.Create(mine, 36, Pictures.Small, weights);
        Assert.False(onMine.HasIndependentRows);
        using DiffusionAutoencoder withBatchNorm = new(
            perceptrons.Latent, nn.Sequential(nn.BatchNorm1d(36), nn.Linear(36, 6)), nn.Linear(4, 36), perceptrons.Likelihood);
        Assert.False(withBatchNorm.HasIndependentRows);
    }

    private static double[] Trained(string id)
    {
        using DiffusionAutoencoder model = Pictures.Model(id);
        using ImageSet train = Pictures.Waves(2 * Rows, 1), test = Pictures.Waves(300, 2);
        IReadOnlyList<EpochMetrics> history = new Trainer(model, new TrainingOptions { Epochs = 2, BatchSize = Rows }).Train(train, test);
        return
        [
            .. model.parameters().SelectMany(Numeric.Values),
            .. history.SelectMany(epoch => new[] { epoch.TrainElbo, epoch.TrainMse, epoch.Validation.Elbo, epoch.Validation.LogTime }),
        ];
    }

    private static void Close(IReadOnlyList<PartialGradient> expected, IEnumerable<IReadOnlyList<PartialGradient>> shards)
    {
        IReadOnlyList<PartialGradient>[] parts = [.. shards];
        for (int i = 0; i < expected.Count; i++)
        {
            Tensor truth = expected[i].Dense!, sum = PartialGradient.Sum(parts.Select(part => part[i]), truth);
            Tensor error = (sum - truth).abs().max();
            Assert.True(error.ToDouble() <= 1e-5 * truth.abs().max().ToDouble(), $"parameter {i}: {error.ToDouble()}");
        }
    }

    private sealed class Warnings : ITrainingObserver
    {
        public List<string> Sentences { get; } = [];

        public void Warned(string warning) => Sentences.Add(warning);
    }
}
