using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>Schedules, faults and seeds.</summary>
public class TrainingOptionsTests
{
    [Fact]
    public void The_cosine_goes_from_the_full_rate_through_half_of_it_to_nothing()
    {
        var options = new TrainingOptions { LearningRate = 0.01, LearningRateWarmup = 0, Schedule = LearningRateSchedule.Cosine };
        Assert.Equal(0.01, options.LearningRateAt(0, aligned: false), 1e-15);
        Assert.Equal(0.01 * (2 + Math.Sqrt(2)) / 4, options.LearningRateAt(0.25, aligned: false), 1e-15);
        Assert.Equal(0.005, options.LearningRateAt(0.5, aligned: false), 1e-15);
        Assert.Equal(0, options.LearningRateAt(1, aligned: false), 1e-15);
        Assert.Equal(0.01, (options with { Schedule = LearningRateSchedule.Constant }).LearningRateAt(0.9, aligned: false));
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant)]
    [InlineData(LearningRateSchedule.Cosine)]
    public void The_rate_grows_linearly_from_nothing_to_its_schedule(LearningRateSchedule schedule)
    {
        var options = new TrainingOptions { LearningRate = 0.01, LearningRateWarmup = 0.2, Schedule = schedule };
        TrainingOptions without = options with { LearningRateWarmup = 0 };
        Assert.Equal(0, options.LearningRateAt(0, aligned: true));
        Assert.Equal(without.LearningRateAt(0.05, aligned: true) / 4, options.LearningRateAt(0.05, aligned: true), 1e-15);
        Assert.Equal(without.LearningRateAt(0.2, aligned: true), options.LearningRateAt(0.2, aligned: true), 1e-15);
        Assert.Equal(without.LearningRateAt(0.7, aligned: true), options.LearningRateAt(0.7, aligned: true));
    }

    [Fact]
    public void By_default_the_rate_grows_for_a_fifth_of_the_run_after_a_random_start_and_not_after_an_alignment()
    {
        var options = new TrainingOptions();
        Assert.Equal(
            (options with { LearningRateWarmup = 0.2 }).LearningRateAt(0.1, aligned: false), options.LearningRateAt(0.1, aligned: false));
        Assert.Equal(
            (options with { LearningRateWarmup = 0 }).LearningRateAt(0.1, aligned: true), options.LearningRateAt(0.1, aligned: true));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0.8)]
    [InlineData(0.25, 2)]
    [InlineData(0.9, 2)]
    public void The_weight_of_the_divergence_grows_linearly_and_stays(double share, double weight)
    {
        var options = new TrainingOptions { KlWeight = 2, KlWarmup = 0.25 };
        Assert.Equal(weight, options.KlWeightAt(share), 1e-15);
        Assert.Equal(2, (options with { KlWarmup = 0 }).KlWeightAt(share));
    }

    [Fact]
    public void The_defaults_are_as_documented_and_without_fault()
    {
        var options = new TrainingOptions();
        Assert.Empty(options.Faults());
        Assert.Equal(
            (20, 128, 2e-3, null, 1.0, 0.5, 0L),
            (options.Epochs, options.BatchSize, options.LearningRate, options.LearningRateWarmup, options.KlWeight, options.KlWarmup,
            options.Seed));
        Assert.Equal(LearningRateSchedule.Cosine, options.Schedule);
    }

    [Fact]
    public void Every_fault_is_named_with_its_value_and_none_is_trained_with()
    {
        var options = new TrainingOptions { Epochs = 0, BatchSize = -1, PosteriorSamples = 0, LearningRate = double.NaN,
            LearningRateWarmup = -0.1, AdamBeta2 = 1, KlWeight = -0.5, KlWarmup = 1.5 };
        string[] faults =
        [
            "Epochs is 0; it must be at least 1.",
            "BatchSize is -1; it must be at least 1.",
            "PosteriorSamples is 0; it must be at least 1.",
            "LearningRate is NaN; it must be above 0 and at most 1.",
            "LearningRateWarmup is -0.1; it must lie between 0 and 1.",
            "AdamBeta2 is 1; it must be at least 0 and below 1.",
            "KlWeight is -0.5; it must lie between 0 and 1000000.",
            "KlWarmup is 1.5; it must lie between 0 and 1.",
        ];
        Assert.Equal(faults, options.Faults());
        using var model = Models.Pictures.Model("sphere:2");
        Assert.Equal(string.Join(Environment.NewLine, faults), Assert.Throws<ArgumentException>(() => new Trainer(model, options)).Message);
    }

    [Fact]
    public void Seeds_and_uses_that_differ_have_streams_that_differ()
    {
        using DisposeScope scope = NewDisposeScope();
        var first = new List<long>();
        foreach (long seed in new[] { 0, 1, 2, -1, long.MaxValue, long.MinValue })
        {
            foreach (RandomPurpose use in Enum.GetValues<RandomPurpose>())
            {
                using Generator generator = Seeds.Generator(seed, use), again = Seeds.Generator(seed, use);
                long value = randint(long.MaxValue, [1], ScalarType.Int64, generator: generator).item<long>();
                Assert.Equal(value, randint(long.MaxValue, [1], ScalarType.Int64, generator: again).item<long>());
                first.Add(value);
            }
        }
        Assert.Distinct(first);
    }
}
