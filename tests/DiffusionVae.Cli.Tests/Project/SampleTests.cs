using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionVae.Data;

namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class SampleTests : IDisposable
{
    private readonly Folder folder = new();

    public static TheoryData<string> All => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "samples"))
        .Where(sample => File.Exists(Path.Combine(sample, "Program.cs"))).Select(sample => Path.GetFileName(sample)!)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void A_sample_is_short_and_says_how_it_is_run(string name)
    {
        string sample = Path.Combine(Repository.Root, "samples", name);
        Assert.InRange(File.ReadLines(Path.Combine(sample, "Program.cs")).Count(), 1, 59);
        Assert.Contains(
            $"    dotnet run -c Release --project samples/{name}\n",
            File.ReadAllText(Path.Combine(sample, "README.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Quickstart_trains_and_decodes()
    {
        TinyImages.Write(folder["tiny"]);
        string output = Run("Quickstart", "1", "tiny");
        Assert.StartsWith("test ELBO -", output, StringComparison.Ordinal);
        Assert.Contains("decoded 8 images of 8 by 8 pixels", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_accuracy_of_the_walk_is_a_table_in_which_thirty_steps_are_nearer_than_one()
    {
        string[] rows = [.. Run("WalkAccuracy", "2000").Split('\n').Where(line => line.StartsWith("| sphere:", StringComparison.Ordinal))];
        Assert.Equal(12, rows.Length);
        double[] gaps = [.. rows.Single(row => row.StartsWith("| sphere:2 | 0 |", StringComparison.Ordinal))
            .Split('|', StringSplitOptions.TrimEntries)[8..12].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        // At t = 1 one step is 0.13 off; 2,000 walks know it to 0.03, with 95% probability (Kolmogorov).
        Assert.True(gaps[0] > 0.1 && gaps[3] < 0.05, string.Join(' ', gaps));
    }

    [Fact]
    public void Data_of_ones_own_are_pictures_arrays_or_tensors()
    {
        Directory.CreateDirectory(folder["pictures"]);
        for (int i = 0; i < 20; i++)
        {
            byte[] row = [.. Enumerable.Repeat((byte)(12 * i), 8)];
            using FileStream picture = File.Create(folder["pictures", FormattableString.Invariant($"{i:00}.png")]);
            PngWriter.Write(picture, 8, 8, 1, Enumerable.Repeat(row, 8));
        }
        using (FileStream array = File.Create(folder["array.npy"]))
        {
            NpyWriter.Write(array, [20, 8, 8], Enumerable.Range(0, 20).Select(i => Enumerable.Repeat(i / 20f, 64).ToArray()));
        }
        AssertTrained(Run("OwnData", "1", "pictures"), "pictures: 18 images to train on, 2 to test on, of 8 by 8 pixels");
        AssertTrained(Run("OwnData", "1", "array.npy"), "array: 18 images to train on, 2 to test on, of 8 by 8 pixels");
        AssertTrained(Run("OwnData", "1"), "spots: 2000 images to train on, 500 to test on, of 16 by 16 pixels");
    }

    [Fact]
    public void Manifolds_of_ones_own_have_an_area_and_an_absolute_divergence()
    {
        string output = Run("OwnManifold", "1", "64");
        Assert.Matches(
            @"^egg:0\.3: area \d+\.\d+\negg:0\.3: test ELBO -.*\nswollen ring: area \d+\.\d+\nswollen ring: test ELBO -.*\n$",
            output);
    }

    [Fact]
    public void Networks_of_your_own_come_near_the_limit_and_not_above_it_and_the_run_opens_again()
    {
        string output = Run("OwnNetworks", "2", "500", "run");
        double[] numbers = Numbers(output);
        (double elbo, double limit) = (numbers[0], numbers[1]);
        // Half the sum of squares of a picture is 32 nats, which is what a model loses that says nothing of
        // its images.
        Assert.InRange(elbo, limit - 40, limit);
        Assert.EndsWith($"report: {Path.Combine("run", "report.html")}\n", output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["run", "report.html"]));

        DateTime trained = File.GetLastWriteTimeUtc(folder["run", "weights.safetensors"]);
        Assert.Equal(output, Run("OwnNetworks", "2", "500", "run"));
        Assert.Equal(trained, File.GetLastWriteTimeUtc(folder["run", "weights.safetensors"]));

        // The program has no networks but perceptrons, and says so in a sentence.
        Outcome refused = DvaeProcess.Run(folder.Path, "evaluate", "run");
        Assert.Equal((ExitCodes.Usage, ""), (refused.ExitCode, refused.Out));
        Assert.StartsWith(
            "dvae: the run in 'run' has a user-defined model, which only a program with its factory can make: ", refused.Error,
            StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Outcome compared = DvaeProcess.Run(folder.Path, "compare", "run", "--csv");
        Assert.Equal((ExitCodes.Success, ""), (compared.ExitCode, compared.Error));
    }

    [Fact]
    public void A_loop_of_your_own_raises_the_ELBO_from_epoch_to_epoch()
    {
        TinyImages.Write(folder["tiny"]);
        string[] epochs = Run("OwnLoop", "12", "tiny").TrimEnd().Split('\n');
        Assert.Equal(12, epochs.Length);
        Assert.True(Numbers(epochs[^1])[0] > Numbers(epochs[0])[0], string.Join('\n', epochs));
    }

    [Fact]
    public void What_was_not_trained_on_has_a_lower_likelihood()
    {
        TinyImages.Write(folder["tiny"]);
        foreach ((string file, int count) in new[] { (TinyImages.TrainLabels, 48), (TinyImages.TestLabels, 16) })
        {
            // The kind is whether the bar goes across or down.
            File.WriteAllBytes(
                folder["tiny", file], [.. TinyImages.Labels(count)[..^count], .. Enumerable.Range(0, count).Select(i => (byte)(i % 2))]);
        }
        double[] numbers = Numbers(Run("Anomalies", "20", "1", "tiny"));
        Assert.True(numbers[0] > numbers[1], string.Join(' ', numbers));
        Assert.InRange(numbers[^1], 0.8, 1);
    }

    private static void AssertTrained(string output, string data) =>
        Assert.Matches($@"^{Regex.Escape(data)}\ntest ELBO -?\d", output);

    private static double[] Numbers(string output) =>
        [.. Regex.Matches(output, @"-?\d+\.\d+").Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture))];

    private string Run(string sample, params string[] args)
    {
        using DvaeProcess running = DvaeProcess.Start(Repository.Sample(sample), folder.Path, args);
        Outcome outcome = running.Wait();
        Assert.True(outcome.ExitCode == 0 && outcome.Error.Length == 0, $"exit {outcome.ExitCode}\n{outcome.Out}\n{outcome.Error}");
        return outcome.Out.ReplaceLineEndings("\n");
    }
}
