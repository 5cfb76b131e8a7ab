using System.Text.Json;
using DiffusionVae.Cli.Output;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Cli.Tests;

/// <summary>The verdict on topology, as train and evaluate give it.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class TopologyTests
{
    private static readonly string[] Small =
        ["--data", "fourier:size=12,images=1000,test=100", "--encoder-widths", "96", "--decoder-widths", "96", "--epochs", "10"];

    [Fact]
    public void Translations_are_captured_by_the_torus_and_the_limit_is_shown()
    {
        using var folder = new Folder();
        Outcome trained = DvaeProcess.Run(folder.Path, ["train", .. Small, "--manifold", "torus", "--output", "run"], null);
        Assert.Equal(ExitCodes.Success, trained.ExitCode);
        Assert.Contains(
            "topology   captured: the encoder is a homeomorphism from torus:2 to torus:2", trained.Out, StringComparison.Ordinal);

        JsonElement json = JsonDocument.Parse(DvaeProcess.Run(folder.Path, ["evaluate", "run", "--json"], null).Out).RootElement;
        JsonElement topology = json.GetProperty("topology");
        Assert.True(topology.GetProperty("isCaptured").GetBoolean());
        Assert.Equal(1, Math.Abs(topology.GetProperty("degree").GetProperty("value").GetInt32()));
        // The images are without noise: see TranslationBound for how little that may lift the ELBO above it;
        // and it is of one sample an image.
        double above = json.GetProperty("elbo").GetDouble() - topology.GetProperty("limit").GetDouble();
        Assert.InRange(above, -20, (4 * json.GetProperty("standardError").GetDouble()) + 0.05);
    }

    [Fact]
    public void Translations_are_not_captured_by_the_plane_and_the_report_shows_why()
    {
        using var folder = new Folder();
        Outcome trained = DvaeProcess.Run(folder.Path, ["train", .. Small, "--manifold", "euclidean:2", "--output", "run"], null);
        Assert.Equal(ExitCodes.Success, trained.ExitCode);
        Assert.Contains("topology   not captured: ", trained.Out, StringComparison.Ordinal);
        Assert.True(
            trained.Out.Contains("tear: factors (", StringComparison.Ordinal)
                || trained.Out.Contains("collision: factors (", StringComparison.Ordinal), trained.Out);
    }

    [Theory]
    [InlineData(false, false, "captured: the encoder is a homeomorphism from torus:2 to sphere:2, as far as can be seen", "true")]
    [InlineData(true, false, "not captured: torn", "false")]
    [InlineData(true, true, "not captured: torn", "false")]
    [InlineData(false, true, "undetermined: the degree did not settle", "null")]
    public void The_verdict_has_three_values(bool torn, bool open, string verdict, string json)
    {
        var topology = new Topology
        {
            Factors = "torus:2",
            Latent = "sphere:2",
            Obstacles = torn ? ["torn"] : [],
            Undetermined = open ? ["the degree did not settle"] : [],
            Degree = null,
            OrientationKept = null,
            DistanceCorrelation = null,
            Coverage = null,
            Tear = null,
            Collision = null,
        };
        Assert.Equal(verdict, TopologyReport.Verdict(topology));
        Assert.StartsWith(TopologyReport.Word(topology), verdict, StringComparison.Ordinal);
        JsonElement shown = JsonSerializer.SerializeToElement(TopologyReport.ForPrograms(topology, limit: null));
        Assert.Equal(json, shown.GetProperty("IsCaptured").GetRawText());
        Assert.Equal((torn ? 1 : 0) + (open ? 1 : 0), shown.GetProperty("Obstacles").GetArrayLength());
    }

    [Fact]
    public void Data_without_true_factors_have_no_verdict()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome trained = DvaeProcess.Run(
            folder.Path,
            ["train", "--data", "tiny", "--manifold", "torus", "--epochs", "1", "--encoder-widths", "8", "--decoder-widths", "8",
            "--output", "run"], null);
        Assert.DoesNotContain("topology", trained.Out, StringComparison.Ordinal);
        Assert.Equal(
            JsonValueKind.Null,
            JsonDocument.Parse(DvaeProcess.Run(folder.Path, ["evaluate", "run", "--json"], null).Out).RootElement.GetProperty("topology")
            .ValueKind);
    }
}
