namespace DiffusionVae.Cli.Tests;

public sealed class SampleTests
{
    [Fact]
    public void Quickstart_trains_and_decodes()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using DvaeProcess quickstart = DvaeProcess.Start(Repository.Sample("Quickstart"), folder.Path, ["1", "tiny"]);
        Outcome outcome = quickstart.Wait();
        Assert.Equal("", outcome.Error);
        Assert.StartsWith("test ELBO -", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("decoded 8 images of 8 by 8 pixels", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_accuracy_of_the_walk_is_a_table_in_which_thirty_steps_are_nearer_than_one()
    {
        using var folder = new Folder();
        using DvaeProcess accuracy = DvaeProcess.Start(Repository.Sample("WalkAccuracy"), folder.Path, ["2000"]);
        Outcome outcome = accuracy.Wait();
        Assert.Equal(0, outcome.ExitCode);
        string[] rows = [.. outcome.Out.Split('\n').Where(line => line.StartsWith("| sphere:", StringComparison.Ordinal))];
        Assert.Equal(12, rows.Length);
        double[] gaps = [.. rows.Single(row => row.StartsWith("| sphere:2 | 0 |", StringComparison.Ordinal))
            .Split('|', StringSplitOptions.TrimEntries)[8..12].Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
        // At t = 1 one step is 0.13 off; 2,000 walks know it to 0.03, with 95% probability (Kolmogorov).
        Assert.True(gaps[0] > 0.1 && gaps[3] < 0.05, string.Join(' ', gaps));
    }
}
