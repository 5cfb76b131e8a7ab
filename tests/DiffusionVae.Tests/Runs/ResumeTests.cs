using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Tests.Runs;

/// <summary>A run that was interrupted goes on as if nothing had happened.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ResumeTests : IDisposable
{
    private readonly InterruptedRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void After_a_crash_at_any_step_a_run_ends_with_the_same_weights_and_metrics()
    {
        string whole = runs.Whole();
        for (int step = 1; step <= InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch; step++)
        {
            string crashed = runs.Crashed(step, $"crashed-{step}");
            int epochsDone = (step - 1) / InterruptedRuns.StepsPerEpoch;
            Resumption from = runs.Resume(crashed)!;
            Assert.Equal((epochsDone + 1, (long)epochsDone * InterruptedRuns.StepsPerEpoch), (from.Epoch, from.Step));
            Assert.Empty(from.Repairs);
            InterruptedRuns.AssertSame(whole, crashed);
        }
    }

    [Theory]
    [InlineData("torus:2", Binarisation.Static, LearningRateSchedule.Constant)]
    [InlineData("euclidean:2", Binarisation.Dynamic, LearningRateSchedule.Cosine)]
    public void Stopped_after_any_step_a_run_goes_on_with_the_next(
        string manifold, Binarisation binarisation, LearningRateSchedule schedule)
    {
        using var variant = new InterruptedRuns
        {
            Config = runs.Config
                with { Manifold = manifold, Training = runs.Config.Training with { Binarisation = binarisation, Schedule = schedule } },
        };
        string whole = variant.Whole();
        for (int step = 1; step <= InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch; step++)
        {
            string stopped = variant.Stopped(step, $"stopped-{step}");
            Resumption from = variant.Resume(stopped)!;
            Assert.Equal(step, from.Step);
            Assert.Equal(((step - 1) / InterruptedRuns.StepsPerEpoch) + 1, from.Epoch);
            InterruptedRuns.AssertSame(whole, stopped);
        }
    }

    /// <summary>
    /// As in a new process, nothing is there but the name of the data: neither the images of the epoch that
    /// was cut off nor how many were drawn before.
    /// </summary>
    [Theory]
    [InlineData("circle:size=8", "sphere:1")]
    [InlineData("fourier:3,0.5,seed=2,size=8", "torus:2")]
    [InlineData("rotations:size=8", "sphere:2")]
    public void Images_made_anew_in_every_epoch_are_those_that_would_have_been_made(string family, string manifold)
    {
        ImageData Load() => DataCatalogue.Parse($"{family},images=60,test=20").Load();
        using var variant = new InterruptedRuns
        {
            Config = runs.Config with
            {
                Manifold = manifold,
                // Ready at once: the exact divergence would be tabulated anew for each of the runs.
                Latent = new LatentOptions { Divergence = DivergenceMethod.Asymptotic, Bounds = LogTimeBounds.Paper },
                Network = runs.Config.Network with { Decoder = "gaussian" },
                Training = runs.Config.Training with { Binarisation = Binarisation.None, Initialisation = Initialisation.Random },
            },
            Data = Load(),
        };
        Assert.NotNull(variant.Data.Train.RenewedFrom);
        string whole = variant.Whole();
        for (int step = 1; step <= InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch; step++)
        {
            string stopped = variant.Stopped(step, $"stopped-{step}"), crashed = variant.Crashed(step, $"crashed-{step}");
            using ImageData afterStop = Load(), afterCrash = Load();
            Assert.Equal(step, variant.Resume(stopped, afterStop)!.Step);
            Assert.Equal(
                (step - 1) / InterruptedRuns.StepsPerEpoch * InterruptedRuns.StepsPerEpoch, variant.Resume(crashed, afterCrash)!.Step);
            InterruptedRuns.AssertSame(whole, stopped);
            InterruptedRuns.AssertSame(whole, crashed);
        }
    }

    [Fact]
    public void Without_new_images_a_run_of_the_same_family_ends_elsewhere()
    {
        RunConfig config = runs.Config
            with { Network = runs.Config.Network with { Decoder = "gaussian" },
            Training = runs.Config.Training with { Binarisation = Binarisation.None } };
        using var renewed = new InterruptedRuns { Config = config, Data = DataCatalogue.Parse("circle:size=8,images=60,test=20").Load() };
        using var kept =
            new InterruptedRuns { Config = config, Data = DataCatalogue.Parse("circle:size=8,images=60,test=20,fixed").Load() };
        Assert.NotEqual(
            File.ReadAllBytes(new RunDirectory(kept.Whole()).Weights), File.ReadAllBytes(new RunDirectory(renewed.Whole()).Weights));
    }

    [Fact]
    public void Interrupted_again_and_again_a_run_ends_the_same()
    {
        string whole = runs.Whole();
        string path = runs.Stopped(2);
        for (int step = 3; step <= InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch; step += 2)
        {
            using var source = new CancellationTokenSource();
            int stop = step;
            Assert.Throws<OperationCanceledException>(
                () => Run.Resume(path, runs.Data, new Stopper(stop, source), cancellationToken: source.Token));
        }
        runs.Resume(path);
        InterruptedRuns.AssertSame(whole, path);
    }

    [Fact]
    public void The_history_of_a_resumed_run_is_whole()
    {
        using Run whole = Run.Train(runs.Config, runs.Data, runs.Folder["whole"]);
        using Run resumed = Run.Resume(runs.Crashed(10), runs.Data);
        Assert.Equal(whole.History.Select(Numbers), resumed.History.Select(Numbers));
        Assert.All(resumed.History, epoch => Assert.True(epoch.Seconds > 0));
        Assert.Equal(InterruptedRuns.Epochs, resumed.Epoch);
    }

    [Fact]
    public void Checkpoints_of_two_runs_are_the_same_bytes_and_the_last_two_are_kept()
    {
        string first = runs.Stopped(9, "first"), second = runs.Stopped(9, "second");
        Assert.Equal(
            ["step-000000000009.safetensors", "step-000000000008.safetensors"],
            InterruptedRuns.Checkpoints(first).Select(Path.GetFileName));
        Assert.All(InterruptedRuns.Checkpoints(first).Zip(InterruptedRuns.Checkpoints(second)), pair =>
            Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
    }

    [Fact]
    public void Checkpoints_come_no_more_often_than_asked()
    {
        var steps = new List<string?>();
        var lister = new Lister(runs.Folder["run"], steps);
        Run.Train(runs.Config, runs.Data, runs.Folder["run"], lister, TimeSpan.FromHours(1)).Dispose();
        Assert.Equal(Enumerable.Repeat("step-000000000000.safetensors", InterruptedRuns.Epochs), steps);
    }

    [Fact]
    public void Without_a_checkpoint_a_run_starts_over_and_removes_what_a_killed_write_left()
    {
        string whole = runs.Whole(), crashed = runs.Crashed(6);
        Directory.Delete(new RunDirectory(crashed).Checkpoints, recursive: true);
        File.WriteAllText(Path.Combine(crashed, ".weights.safetensors.abcdefgh.xyz.tmp"), "half");
        Resumption from = runs.Resume(crashed)!;
        Assert.Equal((1, 0L, null), (from.Epoch, from.Step, from.Checkpoint));
        InterruptedRuns.AssertSame(whole, crashed);
    }

    [Fact]
    public void A_complete_run_is_opened()
    {
        string whole = runs.Whole();
        byte[] weights = File.ReadAllBytes(new RunDirectory(whole).Weights);
        using Run run = Run.Resume(whole, runs.Data);
        Assert.Equal(InterruptedRuns.Epochs, run.History.Count);
        Assert.Equal(InterruptedRuns.Epochs, run.Epoch);
        Assert.Equal(weights, File.ReadAllBytes(new RunDirectory(whole).Weights));
    }

    [Fact]
    public void Killed_while_its_last_checkpoints_are_deleted_a_run_ends_the_same()
    {
        string whole = runs.Whole(), other = runs.Stopped(9);
        string kept = InterruptedRuns.Checkpoints(other)[1];
        byte[] bytes = File.ReadAllBytes(kept);
        runs.Resume(other);
        Directory.CreateDirectory(new RunDirectory(other).Checkpoints);
        File.WriteAllBytes(kept, bytes);
        Assert.Equal(8, runs.Resume(other)!.Step);
        InterruptedRuns.AssertSame(whole, other);
    }

    [Fact]
    public void A_place_without_a_run_is_none_to_resume()
    {
        Assert.Throws<DirectoryNotFoundException>(() => Run.Resume(runs.Folder["nowhere"], runs.Data));
        Assert.Throws<DirectoryNotFoundException>(() => Run.Resume(runs.Folder.Path, runs.Data));
        Assert.Empty(Directory.GetFileSystemEntries(runs.Folder.Path));
    }

    private static double[] Numbers(EpochMetrics m) =>
        [m.Epoch, m.TrainElbo, m.TrainKl, m.TrainMse, m.Validation.Count, m.Validation.Pixels, m.Validation.Elbo,
            m.Validation.StandardError, m.Validation.Mse, m.Validation.LogTime, .. m.Validation.ComponentKl];

    private sealed class Stopper(long step, CancellationTokenSource source) : ITrainingObserver
    {
        public void StepDone(TrainingStep progress)
        {
            if (progress.Step == step)
            {
                source.Cancel();
            }
        }
    }

    private sealed class Lister(string run, List<string?> found) : ITrainingObserver
    {
        public void EpochDone(EpochMetrics metrics) => found.AddRange(InterruptedRuns.Checkpoints(run).Select(Path.GetFileName));
    }
}
