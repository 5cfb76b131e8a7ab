using System.Globalization;
using System.Text.Json;

namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class LikelihoodTests
{
    [Fact]
    public void Both_estimates_agree_and_exceed_the_elbo_and_the_table_has_a_row_for_each_image()
    {
        using var folder = new Folder();
        Train(folder, "sphere:2");
        JsonElement importance = Evaluate(folder, "--likelihood", "importance", "--samples", "2000", "--csv", "rows.csv");
        JsonElement quadrature = Evaluate(folder, "--likelihood", "quadrature");
        double bound = Mean(importance), exact = Mean(quadrature);
        Assert.True(quadrature.GetProperty("likelihood").GetProperty("converged").GetBoolean());
        Assert.Equal(exact, bound, 0.02);
        // The ELBO is of one sample an image: it may exceed the likelihood by its noise, not by more.
        double noise = 4 * quadrature.GetProperty("standardError").GetDouble();
        Assert.True(quadrature.GetProperty("elbo").GetDouble() <= exact + noise);

        string[] rows = File.ReadAllLines(folder["rows.csv"]);
        Assert.Equal("image,label,log_likelihood,effective_sample_size", rows[0]);
        Assert.Equal(16, rows.Length - 1);
        Assert.Equal(bound, rows.Skip(1).Average(row => double.Parse(row.Split(',')[2], CultureInfo.InvariantCulture)), 1e-9);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused_in_plain_words()
    {
        using var folder = new Folder();
        Train(folder, "sphere:2*sphere:2");
        File.WriteAllText(folder["taken.csv"], "mine");
        var transcript = new Transcript(folder.Path);
        string[][] commands =
        [
            ["--likelihood", "importance", "--samples", "0"],
            ["--likelihood", "importance", "--images", "0"],
            ["--likelihood", "importance", "--images", "17"],
            ["--likelihood", "importance", "--csv", "taken.csv"],
            ["--likelihood", "quadrature"],
            ["--likelihood", "quadrature", "--samples", "10"],
            ["--likelihood", "quadratur"],
            ["--samples", "10"],
        ];
        Assert.All(commands, command => Assert.Equal(ExitCodes.Usage, transcript.Run(["evaluate", "run", .. command]).ExitCode));
        transcript.Matches("likelihood");
        Assert.Equal("mine", File.ReadAllText(folder["taken.csv"]));
    }

    private static void Train(Folder folder, string manifold)
    {
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(
            ExitCodes.Success,
            DvaeProcess.Run(folder.Path, ["train", "--manifold", manifold, "--output", "run", .. TinyImages.Quick], null).ExitCode);
    }

    private static JsonElement Evaluate(Folder folder, params string[] options)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, ["evaluate", "run", "--json", .. options], null);
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        using JsonDocument document = JsonDocument.Parse(outcome.Out);
        return document.RootElement.Clone();
    }

    private static double Mean(JsonElement evaluation) => evaluation.GetProperty("likelihood").GetProperty("logLikelihood").GetDouble();
}
