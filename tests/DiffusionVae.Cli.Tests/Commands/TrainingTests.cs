using System.Globalization;
using System.Text.Json;

namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class TrainingTests
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Fact]
    public void The_same_seed_and_a_runs_own_configuration_give_the_same_run()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome first = Train(folder, "--manifold", "sphere:2*torus:1", "--seed", "7");
        Outcome again = Train(folder, "--manifold", "sphere:2*torus:1", "--seed", "7");
        Outcome repeated = DvaeProcess.Run(folder.Path, "train", "--config", "runs/sphere-2-torus-1-tiny-seed7/config.json");
        Outcome other = DvaeProcess.Run(folder.Path, "train", "--config", "runs/sphere-2-torus-1-tiny-seed7/config.json", "--seed", "8");
        Assert.All([first, again, repeated, other], outcome => Assert.Equal(ExitCodes.Success, outcome.ExitCode));

        string metrics = WithoutSeconds(folder["runs", "sphere-2-torus-1-tiny-seed7", "metrics.csv"]);
        Assert.Equal(metrics, WithoutSeconds(folder["runs", "sphere-2-torus-1-tiny-seed7-2", "metrics.csv"]));
        Assert.Equal(metrics, WithoutSeconds(folder["runs", "sphere-2-torus-1-tiny-seed7-3", "metrics.csv"]));
        Assert.NotEqual(metrics, WithoutSeconds(folder["runs", "sphere-2-torus-1-tiny-seed8", "metrics.csv"]));
        Assert.Equal(
            File.ReadAllText(folder["runs", "sphere-2-torus-1-tiny-seed7", "config.json"]),
            File.ReadAllText(folder["runs", "sphere-2-torus-1-tiny-seed7-3", "config.json"]));
    }

    /// <summary>
    /// Which start is chosen, and that it is trained as if it had been the only one, the library's tests say.
    /// </summary>
    [Fact]
    public void Starts_are_tried_and_a_runs_own_configuration_needs_no_second_search_but_another_seed_does()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome first = Train(folder, "--starts", "3");
        Outcome repeated = DvaeProcess.Run(folder.Path, "train", "--config", "runs/torus-2-tiny-seed0/config.json");
        Outcome other = DvaeProcess.Run(folder.Path, "train", "--config", "runs/torus-2-tiny-seed0/config.json", "--seed", "1");
        Assert.All([first, repeated, other], outcome => Assert.True(outcome.ExitCode == ExitCodes.Success, outcome.Error));

        static IEnumerable<string> Trials(Outcome outcome) =>
            outcome.Error.Split('\n').Where(line => line.StartsWith("start ", StringComparison.Ordinal));
        Assert.All(Trials(first).Zip(["0", "1", "2"]), trial =>
            Assert.Matches($@"^start {trial.Second} of 0 to 2  train ELBO -\d+\.\d{{3}} in epoch 1$", trial.First));
        Assert.Equal((3, 0, 3), (Trials(first).Count(), Trials(repeated).Count(), Trials(other).Count()));
        Assert.Equal(
            WithoutSeconds(folder["runs", "torus-2-tiny-seed0", "metrics.csv"]),
            WithoutSeconds(folder["runs", "torus-2-tiny-seed0-2", "metrics.csv"]));
    }

    [Fact]
    public void Libtorch_has_nothing_to_say_of_a_run_with_several_samples_of_each_posterior()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome outcome = Train(folder, "--posterior-samples", "2");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.DoesNotContain("warning", outcome.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_run_reports_and_leaves_what_it_says()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome outcome = DvaeProcess.Run(
            folder.Path, ["train", .. TinyImages.Quick, "--manifold", "torus", "--hold-out", "8", "--decoder", "gaussian"], null);
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.Contains("8 training images of tiny that were held out, not the test images", outcome.Out, StringComparison.Ordinal);

        string run = folder["runs", "torus-2-tiny-seed0"];
        Assert.Contains($"run        {Path.Combine("runs", "torus-2-tiny-seed0")}", outcome.Out, StringComparison.Ordinal);
        string figures = Path.Combine(run, "figures");
        Assert.Contains($"figures    {Path.GetRelativePath(folder.Path, figures)}", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(PngSignature, File.ReadAllBytes(Path.Combine(figures, "reconstructions.png"))[..8]);
        Assert.Equal(
            [".lock", "config.json", "data.json", "figures", "metrics.csv", "weights.safetensors"],
            Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName).Order());

        // Off a terminal: a line for each epoch, and nothing that moves a cursor.
        string[] progress = [.. outcome.Error.Split('\n').Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))];
        Assert.Equal(3, progress.Length);
        Assert.DoesNotContain('\u001b', outcome.Error);
        Assert.DoesNotContain('\u001b', outcome.Out);
        Assert.All(Rows(Path.Combine(run, "metrics.csv")), row =>
        {
            Assert.Equal(ElboOf(row[4], row[3]), row[2], 1e-3);
            Assert.Equal(ElboOf(row[7], row[6]), row[5], 1e-3);
        });
    }

    [Fact]
    public void Evaluation_gives_the_last_numbers_again()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(
            ExitCodes.Success,
            Train(
                folder, "--manifold", "sphere*euclidean:1", "--hold-out", "8", "--threads", "1", "--decoder", "gaussian",
                "--output", "run").ExitCode);
        double[] last = Rows(folder["run", "metrics.csv"])[^1];

        JsonElement own = Json(DvaeProcess.Run(folder.Path, "evaluate", "run", "--json"));
        Assert.Equal(last[5], own.GetProperty("elbo").GetDouble());
        Assert.Equal(last[6], own.GetProperty("kl").GetDouble());
        Assert.Equal(last[7], own.GetProperty("mse").GetDouble());
        Assert.Equal(8, own.GetProperty("images").GetInt32());
        Assert.Equal(
            ["sphere:2", "euclidean:1"],
            own.GetProperty("klByFactor").EnumerateArray().Select(factor => factor.GetProperty("factor").GetString()));
        Assert.Equal(last[6], own.GetProperty("klByFactor").EnumerateArray().Sum(factor => factor.GetProperty("kl").GetDouble()), 1e-12);

        JsonElement named = Json(DvaeProcess.Run(folder.Path, "evaluate", "run", "--data", "tiny", "--seed", "5", "--json"));
        Assert.Equal(16, named.GetProperty("images").GetInt32());
        Assert.NotEqual(last[5], named.GetProperty("elbo").GetDouble());
        Assert.Equal(
            ElboOf(named.GetProperty("mse").GetDouble(), named.GetProperty("kl").GetDouble()), named.GetProperty("elbo").GetDouble(), 1e-3);
    }

    [Fact]
    public void The_nearer_source_of_a_value_wins()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllText(folder["some.json"], """{ "training": { "batchSize": 8, "epochs": 7 } }""");
        Outcome outcome = DvaeProcess.Run(
            folder.Path, "train", "--epochs", "1", "--config", "some.json", "--preset", "paper", "--data", "tiny", "--decoder-widths", "16",
            "--output", "run");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(folder["run", "config.json"]));
        JsonElement training = config.RootElement.GetProperty("training");
        Assert.Equal(1, training.GetProperty("epochs").GetInt32());
        Assert.Equal(8, training.GetProperty("batchSize").GetInt32());
        Assert.Equal("constant", training.GetProperty("schedule").GetString());
        Assert.Equal("paper", config.RootElement.GetProperty("latent").GetProperty("divergence").GetString());
        Assert.Equal(0.001, training.GetProperty("learningRate").GetDouble());
    }

    [Fact]
    public void A_collapsed_factor_is_named()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome outcome = Train(
            folder, "--manifold", "euclidean:1*torus:1", "--epochs", "30", "--kl-weight", "100", "--kl-warmup", "0", "--learning-rate",
            "0.1");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.Contains("posterior collapse: the KL of factor 2, torus:1,", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("--kl-warmup", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_have_points_in_a_country_of_commas()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Dictionary<string, string> german =
            new() { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };
        Outcome outcome =
            DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--learning-rate", "0.002", "--output", "run"], german);
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.Contains("\"learningRate\": 0.002", File.ReadAllText(folder["run", "config.json"]), StringComparison.Ordinal);
        Assert.All(Rows(folder["run", "metrics.csv"]), row => Assert.Equal(9, row.Length));
        Assert.Matches(@"ELBO       -\d+\.\d{3} nats", outcome.Out);
        Assert.Matches(@"epoch 1/3  \d+\.\d s  train ELBO -\d+\.\d{3}", outcome.Error);
    }

    /// <summary>The ELBO of a Gaussian decoder of variance 1 from its parts, for 64 pixels.</summary>
    private static double ElboOf(double mse, double kl) => (-32 * Math.Log(2 * Math.PI)) - (32 * mse) - kl;

    private static Outcome Train(Folder folder, params string[] more) =>
        DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, .. more], null);

    private static JsonElement Json(Outcome outcome)
    {
        Assert.Equal("", outcome.Error);
        return JsonSerializer.Deserialize<JsonElement>(outcome.Out);
    }

    private static double[][] Rows(string metrics) =>
        [.. File.ReadAllLines(metrics).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];

    private static string WithoutSeconds(string metrics) =>
        string.Join('\n', File.ReadAllLines(metrics).Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1))));
}
