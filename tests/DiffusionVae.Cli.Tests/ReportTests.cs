using System.Text.Json;
using System.Xml.Linq;

namespace DiffusionVae.Cli.Tests;

public sealed class ReportTests
{
    private static readonly string[] Always = ["latent-map", "reconstructions", "samples", "training"];

    [Fact]
    public void Figures_are_drawn_again_as_they_were()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.TrainLabels], TinyImages.Labels(48));
        File.WriteAllBytes(folder["tiny", "t10k-labels-idx1-ubyte"], TinyImages.Labels(16));
        Assert.Equal(ExitCodes.Success, Train(folder, [.. TinyImages.Quick, "--manifold", "torus", "--threads", "1"]).ExitCode);
        string[] files = [.. Directory.EnumerateFiles(folder["run", "figures"]).Order()];
        Assert.Equal([.. Always.Append("geodesics").Order().SelectMany(name => new[] { name + ".png", name + ".svg" })], files.Select(Path.GetFileName));
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
    [InlineData("embedded-torus", "rotations:rod,size=8,images=64,test=40", false)]
    [InlineData("sphere:5", "tiny", true)]
    public void Every_kind_of_data_and_latent_space_has_figures(string manifold, string data, bool hasGeodesics)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(ExitCodes.Success, Train(folder, [.. TinyImages.Quick, "--epochs", "1", "--manifold", manifold, "--data", data]).ExitCode);
        Outcome outcome = DvaeProcess.Run(folder.Path, "report", "run", "--json");
        JsonElement report = JsonSerializer.Deserialize<JsonElement>(outcome.Out);
        Assert.Equal(Path.Combine("run", "report.html"), report.GetProperty("page").GetString());
        JsonElement[] figures = [.. report.GetProperty("figures").EnumerateArray()];
        string[] names = [.. figures.Select(figure => Path.GetFileNameWithoutExtension(figure.GetProperty("png").GetString()!))];
        Assert.Empty(Always.Except(names));
        Assert.Equal(hasGeodesics, names.Contains("geodesics"));
        Assert.Equal(manifold == "so3", names.Contains("latent-map-2"));
        Assert.All(figures, figure =>
        {
            Assert.Equal("svg", XDocument.Load(folder[figure.GetProperty("svg").GetString()!]).Root!.Name.LocalName);
            Assert.EndsWith(".", figure.GetProperty("caption").GetString(), StringComparison.Ordinal);
        });
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
        Assert.Contains("line 4 has no number in the column 'log_t_mean'", outcome.Error, StringComparison.Ordinal);
    }

    private static Outcome Train(Folder folder, string[] options) => DvaeProcess.Run(folder.Path, ["train", .. options, "--output", "run"], null);
}
