using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// The paper's tables are computed by any number of processes, however often they are stopped.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ReproduceTests : IDisposable
{
    private static readonly string[] Small =
        ["reproduce", "table1", .. TinyImages.Quick, "--manifolds", "sphere,embedded-torus:3,0.6,r2", "--runs", "2", "--samples", "10"];

    private readonly Folder folder = new();
    private readonly ITestOutputHelper output;

    public ReproduceTests(ITestOutputHelper output)
    {
        this.output = output;
        TinyImages.Write(folder["tiny"]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_parts_in_one_folder_give_the_table_of_one_process_and_what_is_done_is_not_repeated()
    {
        Outcome whole = Run("--output", "whole", "--jobs", "1");
        using (DvaeProcess first = Start("--output", "parts", "--part", "1/2", "--jobs", "1"))
        using (DvaeProcess second = Start("--output", "parts", "--part", "2/2", "--jobs", "1"))
        {
            Assert.Equal(ExitCodes.Success, first.Wait().ExitCode);
            Assert.Equal(ExitCodes.Success, second.Wait().ExitCode);
        }
        DateTime[] written = Written("parts");
        Assert.Equal(6, written.Length);

        Outcome table = Run("--output", "parts");
        Assert.Equal(WithoutTimes(whole.Out), WithoutTimes(table.Out));
        Assert.Equal(table.Out, File.ReadAllText(folder["parts", "table1", "table1.txt"]));
        Assert.Equal(written, Written("parts"));
    }

    /// <summary>Of a run that is stopped as soon as its protocol is written.</summary>
    [UnixTheory]
    [InlineData(60, 128, "table1")]
    [InlineData(40, 128, "table2")]
    [InlineData(500, 640, "table1", "--preset", "paper")]
    public void Each_table_has_its_length_and_the_preset_the_authors(int epochs, int batch, string table, params string[] more)
    {
        using DvaeProcess running =
            DvaeProcess.Start(folder.Path, ["reproduce", table, "--manifolds", "sphere", "--runs", "1", "--output", "run", .. more]);
        string protocol = folder["run", table, "protocol.json"];
        while (!File.Exists(protocol) && !running.HasExited)
        {
            Thread.Sleep(20);
        }
        running.Signal("INT");
        Assert.Equal(ExitCodes.Interrupted, running.Wait().ExitCode);
        JsonElement training = JsonDocument.Parse(File.ReadAllText(protocol)).RootElement.GetProperty("run").GetProperty("training");
        Assert.Equal((epochs, batch), (training.GetProperty("epochs").GetInt32(), training.GetProperty("batchSize").GetInt32()));
    }

    [Fact]
    public void The_numbers_of_the_table_are_means_and_deviations_over_the_records()
    {
        Run("--output", "run", "--manifolds", "torus", "--runs", "3");
        double[] elbos = [.. Records("run").Select(record => record.RootElement.GetProperty("elbo").GetDouble())];
        string[][] table = [.. File.ReadLines(folder["run", "table1", "table1.csv"]).Select(line => line.Split(','))];
        double Field(string column) =>
            double.Parse(table[1][Array.IndexOf(table[0], column)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(elbos.Average(), Field("elbo"), 10);
        double deviation = Math.Sqrt(elbos.Sum(elbo => Math.Pow(elbo - elbos.Average(), 2)) / 2);
        Assert.Equal(deviation, Field("elbo_sd"), 10);
        Assert.True(deviation > 0);
    }

    [Fact]
    public void Runs_may_choose_their_starts_and_the_table_says_so()
    {
        string[] torus = ["--output", "run", "--manifolds", "torus", "--runs", "1"];
        Assert.Contains(
            "seeds 0 to 0, each the best of 2 starts; the rest is in protocol.json.", Run([.. torus, "--starts", "2"]).Out,
            StringComparison.Ordinal);
        Assert.Matches("\"start\": [01]\\b", File.ReadAllText(folder["run", "table1", "runs", "torus-2-tiny-seed0", "config.json"]));
        Assert.Equal(ExitCodes.Usage, Run(torus).ExitCode);
    }

    [Fact]
    public void A_quadrature_that_did_not_converge_is_said_below_the_table()
    {
        string[] sphere = ["--output", "run", "--manifolds", "sphere", "--runs", "1"];
        Assert.DoesNotContain("did not converge", Run(sphere).Out, StringComparison.Ordinal);
        string record = Directory.GetFiles(folder["run", "table1", "records"]).Single();
        var changed = JsonNode.Parse(File.ReadAllText(record))!;
        changed["quadratureError"] = 0.25;
        File.WriteAllText(record, changed.ToJsonString());
        Assert.Contains(
            "sphere:2: the quadrature did not converge; its last two grids differ by up to 0.25 nats on average.", Run(sphere).Out,
            StringComparison.Ordinal);
    }

    [UnixFact]
    [Trait(LongForm.Trait, LongForm.Value)]
    public void Killed_at_random_moments_and_started_again_it_ends_with_the_same_table()
    {
        Outcome whole = Run("--output", "whole");
        var random = new Random(1);
        int kills = LongForm.Times(2, 20);
        for (int i = 0; i < kills; i++)
        {
            // The workers too, as when a machine stops: setsid makes a group of them, which has the number of
            // the process.
            using DvaeProcess running = DvaeProcess.Start(
                "/usr/bin/setsid", folder.Path, ["--wait", DvaeProcess.Program, .. Small, "--output", "killed"]);
            Thread.Sleep(random.Next(300, 3000));
            running.SignalGroup("KILL");
            running.Wait();
        }
        Outcome killed = Run("--output", "killed");
        Assert.Equal(WithoutTimes(whole.Out), WithoutTimes(killed.Out));
        output.WriteLine($"The table was the same after {kills} kills.");
    }

    [UnixFact]
    public async Task Stopped_by_Ctrl_C_it_says_how_to_go_on_and_its_workers_stop_too()
    {
        using DvaeProcess running = Start("--output", folder["stopped"], "--epochs", "100000");
        await running.Line("0 of 6 runs");
        while (!File.Exists(folder["stopped", "table1", "runs", "sphere-2-tiny-seed0", "weights.safetensors"]))
        {
            await Task.Delay(50);
        }
        running.Signal("INT");
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.Contains("stopped; the same command goes on from there.", outcome.Error, StringComparison.Ordinal);
        Assert.NotEmpty(FinishedRun.Checkpoints(folder["stopped", "table1", "runs", "sphere-2-tiny-seed0"]));
        using var workers =
            DvaeProcess.Start("/bin/sh", folder.Path, ["-c", $"pgrep -f -- '--output {folder["stopped"]} .*--worker' | grep -v $$"]);
        Assert.Equal("", workers.Wait().Out);
    }

    [Fact]
    public void Runs_of_different_protocols_are_not_mixed_and_damage_is_seen()
    {
        string[] few = ["--output", "run", "--manifolds", "sphere", "--runs", "1"];
        Assert.Equal(ExitCodes.Success, Run(few).ExitCode);
        Outcome other = Run([.. few, "--batch-size", "8"]);
        Assert.Equal(ExitCodes.Usage, other.ExitCode);
        Assert.Contains("holds runs of another protocol: there 'training.batchSize' is 16, here 8", other.Error, StringComparison.Ordinal);

        other = Run([.. few, "--images", "5"]);
        Assert.Equal(ExitCodes.Usage, other.ExitCode);
        Assert.Contains(
            "there likelihoods are of 10 samples for all images, here of 10 samples for 5 images", other.Error, StringComparison.Ordinal);

        string record = Directory.GetFiles(folder["run", "table1", "records"]).Single();
        File.WriteAllText(record, File.ReadAllText(record)[..^20]);
        Outcome damaged = Run(few);
        Assert.Equal(ExitCodes.BadData, damaged.ExitCode);
        Assert.Contains(Path.GetFileName(record), damaged.Error, StringComparison.Ordinal);
    }

    /// <summary>Of the first figure; the others are made in the same way, of other runs.</summary>
    [Fact]
    public void A_figure_is_drawn_once_its_runs_are_done()
    {
        // The figures are of MNIST: what lies here is taken for it.
        TinyImages.Write(folder["data", "mnist"]);
        string[] quick =
            ["reproduce", "figures", .. TinyImages.Short, "--epochs", "1", "--samples", "2", "--images", "10", "--output", "run"];
        Outcome one = DvaeProcess.Run(folder.Path, [.. quick, "--part", "1/11"], null);
        Assert.True(one.ExitCode == ExitCodes.Success, one.Error);
        Assert.Empty(Directory.GetFiles(folder["run", "figures"], "figure-*"));
        Outcome both = DvaeProcess.Run(folder.Path, [.. quick, "--part", "2/11"], null);
        Assert.Contains("figure-1.png", both.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["figure-1.png", "figure-1.svg"], Directory.GetFiles(folder["run", "figures"], "figure-*").Select(Path.GetFileName).Order());
        // The runs are those of the first table, which need not train them again, only judge.
        string torus = folder["run", "table1", "runs", "torus-2-mnist-seed0"], weights = Path.Combine(torus, "weights.safetensors");
        DateTime trained = File.GetLastWriteTimeUtc(weights);
        Assert.Empty(Directory.GetFiles(folder["run", "table1", "records"]));
        Outcome table = DvaeProcess.Run(folder.Path, ["reproduce", "table1", .. quick[2..], "--manifolds", "torus", "--runs", "1"], null);
        Assert.True(table.ExitCode == ExitCodes.Success, table.Error);
        Assert.Single(Directory.GetFiles(folder["run", "table1", "records"]));
        Assert.Equal(trained, File.GetLastWriteTimeUtc(weights));

        // A record is enough for a table; a figure needs the model.
        Directory.Delete(torus, recursive: true);
        both = DvaeProcess.Run(folder.Path, [.. quick, "--part", "2/11"], null);
        Assert.True(both.ExitCode == ExitCodes.Success, both.Error);
        Assert.True(File.Exists(weights));

        // What others left where checkpoints had been does not make a run incomplete.
        trained = File.GetLastWriteTimeUtc(weights);
        Directory.CreateDirectory(Path.Combine(torus, "checkpoints"));
        File.WriteAllText(Path.Combine(torus, "checkpoints", "notes.txt"), "not a checkpoint");
        File.Delete(folder["run", "figures", "figure-1.png"]);
        both = DvaeProcess.Run(folder.Path, [.. quick, "--part", "2/11"], null);
        Assert.True(both.ExitCode == ExitCodes.Success, both.Error);
        Assert.True(File.Exists(folder["run", "figures", "figure-1.png"]));
        Assert.Equal(trained, File.GetLastWriteTimeUtc(weights));
    }

    [Theory]
    [InlineData("--part", "3/2", "--part takes I/N with I from 1 to N, such as 1/2, not '3/2'.")]
    [InlineData("--runs", "0", "--runs is 0; it must be at least 1.")]
    [InlineData("--manifolds", "sphere,tours", "Did you mean 'torus'")]
    [InlineData("--threads", "2", "--threads")]
    public void What_cannot_be_is_refused_before_anything_is_written(string option, string value, string message)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, "reproduce", "table1", "--data", "tiny", "--output", "run", option, value);
        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private Outcome Run(params string[] more) => DvaeProcess.Run(folder.Path, [.. Small, .. more], null);

    private DvaeProcess Start(params string[] more) => DvaeProcess.Start(folder.Path, [.. Small, .. more]);

    private DateTime[] Written(string name) =>
        [.. Directory.GetFiles(folder[name, "table1", "records"]).Order(StringComparer.Ordinal).Select(File.GetLastWriteTimeUtc)];

    private IEnumerable<JsonDocument> Records(string name) =>
        Directory.GetFiles(folder[name, "table1", "records"]).Select(path => JsonDocument.Parse(File.ReadAllText(path)));

    private static string WithoutTimes(string table) =>
        string.Join('\n', table.Split('\n').Where(line => !line.StartsWith("Time: ", StringComparison.Ordinal)));
}
