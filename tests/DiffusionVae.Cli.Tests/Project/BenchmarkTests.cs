using System.Text.Json;

namespace DiffusionVae.Cli.Tests;

/// <summary>The benchmarks run, on work too small to say anything, and leave tables.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class BenchmarkTests
{
    [Theory]
    [InlineData("step", "step/products")]
    [InlineData("walk", "of a step")]
    [InlineData("divergence", "of a step")]
    [InlineData("data", "of a step")]
    public void A_benchmark_writes_a_table_and_the_same_as_JSON(string name, string column)
    {
        using var folder = new Folder();
        using DvaeProcess running = DvaeProcess.Start(
            Repository.Benchmarks, folder.Path,
            [name, "threads=1", "turns=1", "steps=1", "images=64", "batches=16", "sides=28", "json=out.json"]);
        Outcome outcome = running.Wait();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(column, outcome.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["out.json"]));
        Assert.False(string.IsNullOrEmpty(json.RootElement.GetProperty("machine").GetProperty("processor").GetString()));
        JsonElement rows = json.RootElement.GetProperty("tables").GetProperty(name);
        Assert.NotEmpty(rows.EnumerateArray());
        Assert.All(rows.EnumerateArray(), row => Assert.True(row.GetProperty(column).GetDouble() > 0));
    }

    [Fact]
    public void Parts_of_time_to_quality_that_are_done_are_not_done_again_but_tabulated_and_plotted()
    {
        using var folder = new Folder();
        string[] loops = ["defaults", "paper", "plain"];
        foreach (string loop in loops)
        {
            File.WriteAllText(folder[$"torus-{loop}.csv"], "epoch,seconds,test_elbo\n1,10.0,-741.5000\n2,20.0,-739.5000\n");
        }
        using DvaeProcess running =
            DvaeProcess.Start(Repository.Benchmarks, folder.Path, ["time-to-quality", "latents=torus", "folder=.", "json=out.json"]);
        Outcome outcome = running.Wait();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["out.json"]));
        JsonElement[] rows = [.. json.RootElement.GetProperty("tables").GetProperty("time-to-quality").EnumerateArray()];
        Assert.Equal(loops, rows.Select(row => row.GetProperty("loop").GetString()));
        Assert.All(rows, row => Assert.Equal((2, 20), (row.GetProperty("epochs").GetDouble(), row.GetProperty("seconds").GetDouble())));
        Assert.True(File.Exists(folder["time-to-quality.png"]));
        Assert.True(File.Exists(folder["time-to-quality.svg"]));
    }

    [Fact]
    public void An_unknown_benchmark_is_wrong_usage()
    {
        using var folder = new Folder();
        using DvaeProcess running = DvaeProcess.Start(Repository.Benchmarks, folder.Path, ["stepp"]);
        Outcome outcome = running.Wait();
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("step, walk, divergence", outcome.Error, StringComparison.Ordinal);
    }
}
