using System.Text.Json;
using System.Xml.Linq;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Reports;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Tests;

[Collection(InProcess.Name)]
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ReportTests
{
    private static readonly string[] Always = ["latent-map", "reconstructions", "samples", "training"];

    [Fact]
    public void Figures_are_drawn_again_as_they_were()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.TrainLabels], TinyImages.Labels(48));
        File.WriteAllBytes(folder["tiny", TinyImages.TestLabels], TinyImages.Labels(16));
        Assert.Equal(ExitCodes.Success, Train(folder, [.. TinyImages.Quick, "--manifold", "torus", "--threads", "1"]).ExitCode);
        string[] files = [.. Directory.EnumerateFiles(folder["run", "figures"]).Order()];
        Assert.Equal(
            [.. Always.Append("geodesics").Order().SelectMany(name => new[] { name + ".png", name + ".svg" })],
            files.Select(Path.GetFileName));
        byte[][] before = [.. files.Select(File.ReadAllBytes)];
        Directory.Delete(folder["run", "figures"], recursive: true);

        Outcome outcome = DvaeProcess.Run(folder.Path, "report", "run");
        Assert.Equal("", outcome.Error);
        Assert.StartsWith(Path.Combine("run", "report.html"), outcome.Out, StringComparison.Ordinal);
        Assert.All(Always, name => Assert.Contains(Path.Combine("run", "figures", name + ".png"), outcome.Out, StringComparison.Ordinal));
        Assert.Equal(before, files.Select(File.ReadAllBytes));
    }

    [Theory]
    [InlineData("torus", "fourier:size=8,images=64,test=40", true)]
    [InlineData("sphere:1", "circle:size=8,images=64,test=40", true)]
    [InlineData("so3", "rotations:size=8,images=64,test=40", true)]
    [InlineData("embedded-torus", "rotations:rod,size=8,images=64,test=40", true)]
    [InlineData("ellipsoid", "tiny", false)]
    [InlineData("sphere:5", "tiny", true)]
    public void Every_kind_of_data_and_latent_space_has_figures(string manifold, string data, bool hasGeodesics)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        var config = new RunConfig
        {
            Manifold = manifold,
            Network = new NetworkOptions { EncoderWidths = [16], DecoderWidths = [16] },
            Training = new TrainingOptions { Epochs = 1, BatchSize = 16 },
            Threads = 1,
        };
        using ImageData images = data == "tiny" ? IdxFolder.Load(folder["tiny"]) : DataCatalogue.Parse(data).Load();
        using Run run = Run.Train(config, images, folder["run"]);
        IReadOnlyList<FigureFiles> figures = FigureSet.Write(run, images, run.Directory.Figures);
        string[] names = [.. figures.Select(figure => Path.GetFileNameWithoutExtension(figure.Png))];
        Assert.Empty(Always.Except(names));
        Assert.Equal(hasGeodesics, names.Contains("geodesics"));
        Assert.Equal(manifold == "so3", names.Contains("latent-map-2"));
        Assert.All(figures, figure =>
        {
            Assert.Equal("svg", XDocument.Load(figure.Svg).Root!.Name.LocalName);
            Assert.EndsWith(".", figure.Caption, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_page_about_data_of_known_topology_says_whether_it_is_captured()
    {
        using var folder = new Folder();
        Outcome trained =
            Train(folder, [.. TinyImages.Quick, "--manifold", "sphere:1", "--data", "circle:size=8,images=64,test=40", "--threads", "1"]);
        Outcome outcome = DvaeProcess.Run(folder.Path, "report", "run", "--json");
        JsonElement report = JsonSerializer.Deserialize<JsonElement>(outcome.Out);
        Assert.NotEqual(0, report.GetProperty("figures").GetArrayLength());
        string page = File.ReadAllText(folder[report.GetProperty("page").GetString()!]);
        string verdict = trained.Out.Contains("topology   captured", StringComparison.Ordinal) ? "captured" : "not captured";
        Assert.Contains($"The topology of the data is {verdict}.", page, StringComparison.Ordinal);
        Assert.Contains($"\"name\":\"topology\",\"value\":\"{verdict}\"", page, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"limit\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_table_is_damaged_says_so()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(ExitCodes.Success, Train(folder, [.. TinyImages.Quick, "--manifold", "euclidean:2"]).ExitCode);
        string metrics = folder["run", "metrics.csv"];
        string whole = File.ReadAllText(metrics);
        File.WriteAllText(metrics, whole[..whole.LastIndexOf(',')]);
        Outcome outcome = DvaeProcess.Run(folder.Path, "report", "run");
        Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
        Assert.Contains("line 4 has 8 field", outcome.Error, StringComparison.Ordinal);
    }

    private static Outcome Train(Folder folder, string[] options) =>
        DvaeProcess.Run(folder.Path, ["train", .. options, "--output", "run"], null);
}
