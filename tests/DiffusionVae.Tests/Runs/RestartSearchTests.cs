using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Tests.Runs;

/// <summary>The choice among starts.</summary>
public sealed class RestartSearchTests : IDisposable
{
    private const int Starts = 3;
    private const int Epochs = 30;
    private readonly InterruptedRuns runs = new();

    private RunConfig Config => runs.Config with { Restarts = Starts, Training = runs.Config.Training with { Epochs = Epochs } };

    public void Dispose() => runs.Dispose();

    /// <summary>
    /// Each start is trained by itself, and judged by the row of its metrics: the trials are the first epochs
    /// of these runs.
    /// </summary>
    [Fact]
    public void The_start_that_is_furthest_after_a_twentieth_of_the_epochs_is_the_runs_from_its_first_step()
    {
        var trials = new Trials();
        using (Run.Train(Config, runs.Data, runs.Folder["searched"], trials))
        {
        }
        Assert.Equal(2, RestartSearch.TrialEpochs(Epochs));
        string[] alone = [.. Enumerable.Range(0, Starts).Select(start => Alone(start))];
        double[] elbos = [.. alone.Select(run => new RunDirectory(run).ReadMetrics()[1].TrainElbo)];
        Assert.Equal(Enumerable.Range(0, Starts).Select(start => Trial(start, elbos[start])), trials.Told);
        Assert.Equal(Starts, elbos.Distinct().Count());

        int best = Array.IndexOf(elbos, elbos.Max());
        Assert.Equal(best, new RunDirectory(runs.Folder["searched"]).ReadConfig().Training.Restart);
        Assert.Equal(
            File.ReadAllBytes(new RunDirectory(alone[best]).Weights), File.ReadAllBytes(new RunDirectory(runs.Folder["searched"]).Weights));
    }

    [Fact]
    public void Without_a_choice_the_start_is_the_first()
    {
        using (Run.Train(Config with { Restarts = 1 }, runs.Data, runs.Folder["one"]))
        {
        }
        Assert.Equal(InterruptedRuns.WithoutSeconds(Alone(0)), InterruptedRuns.WithoutSeconds(runs.Folder["one"]));
    }

    [Fact]
    public void Stopped_in_a_search_nothing_is_written_and_nothing_is_searched_for_where_something_is()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => Run.Train(Config, runs.Data, runs.Folder["stopped"], new Trials(source.Cancel), cancellationToken: source.Token));
        Assert.False(Directory.Exists(runs.Folder["stopped"]));

        Directory.CreateDirectory(runs.Folder["taken"]);
        File.WriteAllText(Path.Combine(runs.Folder["taken"], "theirs.txt"), "");
        var trials = new Trials();
        Assert.Throws<DirectoryInUseException>(() => Run.Train(Config, runs.Data, runs.Folder["taken"], trials));
        Assert.Empty(trials.Told);
    }

    /// <summary>A run of several starts that all diverge ends as a run of the first does.</summary>
    [Fact]
    public void A_start_that_diverges_ends_its_trial_alone()
    {
        var trials = new Trials();
        RunConfig wild = Config with { Network = Config.Network with { Decoder = "gaussian:1e-38" } };
        Assert.Throws<TrainingDivergedException>(() => Run.Train(wild, runs.Data, runs.Folder["wild"], trials));
        Assert.Equal(Enumerable.Range(0, Starts).Select(start => Trial(start, null)), trials.Told);
        Assert.Equal(0, new RunDirectory(runs.Folder["wild"]).ReadConfig().Training.Restart);
    }

    [Theory]
    [InlineData(0, "Restarts is 0; it must lie between 1 and 1000.")]
    [InlineData(1001, "Restarts is 1001; it must lie between 1 and 1000.")]
    public void Numbers_of_starts_out_of_range_are_a_fault(int starts, string message) =>
        Assert.Equal([message], new RunConfig { Restarts = starts }.Faults());

    private static RestartTrial Trial(int restart, double? elbo) =>
        new() { Restart = restart, Restarts = Starts, Epochs = 2, Elbo = elbo };

    private string Alone(int start)
    {
        string path = runs.Folder[FormattableString.Invariant($"alone{start}")];
        Run.Train(Config with { Training = Config.Training with { Restart = start } }, runs.Data, path).Dispose();
        return path;
    }

    private sealed class Trials(Action? after = null) : ITrainingObserver
    {
        public List<RestartTrial> Told { get; } = [];

        public void RestartTried(RestartTrial trial)
        {
            Told.Add(trial);
            after?.Invoke();
        }
    }
}
