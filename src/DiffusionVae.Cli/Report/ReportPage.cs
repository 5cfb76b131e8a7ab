using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using TorchSharp;
using static System.FormattableString;

namespace DiffusionVae.Cli.Report;

/// <summary>A page about a run: one HTML file that holds all it shows, the decoder too, and asks nothing of any network.</summary>
/// <remarks>This class gathers; the scripts in <c>assets</c> show. <c>payload.js</c> reads what is put here.</remarks>
internal static partial class ReportPage
{
    private const int MostImages = 10_000;

    /// <summary>Keeps pages of large images small: ten thousand images of MNIST have 7.84 million pixels, two thousand of 64 by 64 have 8.19 million.</summary>
    private const int MostPixels = 8_200_000;

    // The default encoder leaves no < in the text, which could end the element it stands in.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">What to show.</param>
    public static void Write(string path, ReportContents contents)
    {
        Run run = contents.Run;
        using ImageSet images = contents.Images.Slice(0, Math.Min(contents.Images.Count, Math.Clamp(MostPixels / contents.Images.PixelCount, 1, MostImages)));
        LatentImages latent = LatentImages.Of(run, images);
        IReadOnlyList<Colouring> colourings = Colouring.Of(images);
        long[]? labels = images.Factors is null ? images.Labels?.cpu().data<long>().ToArray() : null;
        (Half[] weights, int[] widths) = Weights(run.Model.Decoder);

        var arrays = new PageArrays();
        arrays.Add("weights", weights);
        arrays.Add("points", latent.Points);
        arrays.Add("shades", latent.Shades);
        arrays.Add("labels", [.. (labels ?? []).Select(label => (int)label)]);
        for (int i = 0; i < colourings.Count; i++)
        {
            arrays.Add(Invariant($"colours{i}"), [.. colourings[i].Colours.SelectMany(colour => (byte[])[colour.Red, colour.Green, colour.Blue])]);
        }
        var report = new
        {
            Factors = run.Model.Latent.Components.Select(factor => factor.Id),
            Format = new { run.ImageSize.Height, run.ImageSize.Width, latent.Range.Black, latent.Range.White },
            Decoder = new { Widths = widths, Mean = run.Model.Likelihood is BernoulliLikelihood ? "sigmoid" : "identity", run.Config.Network.AverageAntipodes },
            Legends = colourings.Select(colouring => Legend.Of(colouring, labels)),
            Hint = Hint(contents, images.Count),
            Numbers = Numbers(contents),
            Epochs = run.Directory.ReadMetrics().Select(row => new { row.Epoch, row.TrainElbo, row.TrainKl, row.TrainMse, TestElbo = row.Validation.Elbo, TestKl = row.Validation.Kl, TestMse = row.Validation.Mse }),
            Figures = contents.Figures
                // The page draws these itself, to be pointed at.
                .Where(figure => Path.GetFileNameWithoutExtension(figure.Png) != TrainingCurves.Name)
                .Select(figure => new { figure.Caption, Source = PageText.Address("image/png", File.ReadAllBytes(figure.Png)) }),
            Config = JsonNode.Parse(run.Config.ToJson()),
            Arrays = arrays.Entries,
        };
        var parts = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode($"{run.Model.Latent.Id} on {run.Config.Data}"),
            ["summary"] = WebUtility.HtmlEncode(Summary(contents)),
            ["footer"] = $"Written by dvae {typeof(ReportPage).Assembly.GetName().Version!.ToString(3)}, with three.js.",
            ["style"] = PageAssets.Style,
            ["modules"] = PageAssets.Modules,
            ["report"] = JsonSerializer.Serialize(report, Json),
            ["arrays"] = arrays.ToBase64(),
        };
        AtomicFile.WriteText(path, Blank().Replace(PageAssets.Template, blank => parts[blank.Groups[1].Value]));
    }

    /// <summary>The numbers of a perceptron, weights and biases layer by layer, and its widths.</summary>
    private static (Half[] Numbers, int[] Widths) Weights(torch.nn.Module decoder)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] parameters = [.. decoder.parameters().Select(parameter => parameter.detach().to(torch.ScalarType.Float32, torch.CPU).contiguous())];
        int[] widths = [(int)parameters[0].size(1), .. parameters.Where(parameter => parameter.dim() == 1).Select(bias => (int)bias.size(0))];
        return ([.. parameters.SelectMany(parameter => parameter.data<float>().ToArray()).Select(value => (Half)value)], widths);
    }

    private static string Summary(ReportContents contents)
    {
        ModelScore elbo = contents.Elbo;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(contents.Run.Directory.Root)));
        return $"ELBO {PageText.Number(elbo.Elbo, "0.00")} nats per image, KL {PageText.Number(elbo.Kl, "0.00")}, MSE {PageText.Number(elbo.Mse, "0.0000")} per pixel "
            + $"on {contents.Description}. {(contents.Topology is { } topology ? $"The topology of the data is {(topology.IsCaptured ? "" : "not ")}captured. " : "")}Run {name}.";
    }

    private static string Hint(ReportContents contents, long shown)
    {
        string part = shown < contents.Images.Count ? Invariant($"the first {shown} of ") : "";
        return $"Move the pointer over the latent space: the decoder, which is part of this page, draws the image of the point below it. The dots are {part}{contents.Description}.";
    }

    private static IEnumerable<ReportNumber> Numbers(ReportContents contents)
    {
        ModelScore elbo = contents.Elbo;
        yield return new("ELBO", PageText.Number(elbo.Elbo, "0.000"), $"nats per image, standard error {PageText.Number(elbo.StandardError, "0.000")}");
        yield return new("KL", PageText.Number(elbo.Kl, "0.000"), "nats per image");
        for (int i = 0; i < elbo.ComponentKl.Count && elbo.ComponentKl.Count > 1; i++)
        {
            yield return new($"KL on {contents.Run.Model.Latent.Components[i].Id}", PageText.Number(elbo.ComponentKl[i], "0.000"), "nats per image");
        }
        yield return new("MSE", PageText.Number(elbo.Mse, "0.000000"), "per pixel");
        yield return new("log t", PageText.Number(elbo.LogTime, "0.000"), "mean over the images");
        if (contents.Limit is { } limit)
        {
            yield return new("limit", PageText.Number(limit, "0.000"), "nats per image, the log-likelihood under the data's own distribution");
        }
        if (contents.Topology is { } topology)
        {
            yield return new("topology", topology.IsCaptured ? "captured" : "not captured", string.Join("; ", [.. topology.Obstacles, .. TopologyReport.Details(topology)]));
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Blank();
}
