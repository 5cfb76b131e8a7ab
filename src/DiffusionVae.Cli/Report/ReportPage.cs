using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// A page about a run: one HTML file that holds all it shows, the decoder too, and asks nothing of any
/// network.
/// </summary>
/// <remarks>
/// This class gathers; the scripts in <c>assets</c> show. <c>payload.js</c> reads what is put here.
/// </remarks>
internal static partial class ReportPage
{
    private const int MostImages = 10_000;

    /// <summary>
    /// Keeps pages of large images small: ten thousand images of MNIST have 7.84 million pixels, two thousand
    /// of 64 by 64 have 8.19 million.
    /// </summary>
    private const int MostPixels = 8_200_000;

    /// <summary>
    /// The most points to which the page goes where it cannot compute what lies between them.
    /// </summary>
    private const int MostKnown = 3000;

    // The default encoder leaves no < in the text, which could end the element it stands in.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">What to show.</param>
    public static void Write(string path, ReportContents contents)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Run run = contents.Run;
        int most = Math.Clamp(MostPixels / contents.Images.PixelCount, 1, MostImages);
        using ImageSet images = contents.Images.Slice(0, Math.Min(contents.Images.Count, most));
        LatentImages latent = LatentImages.Create(run, images);
        IReadOnlyList<Colouring> colourings = Colouring.Of(images);
        long[]? labels = images.Factors is null ? images.Labels?.cpu().data<long>().ToArray() : null;

        var arrays = new PageArrays();
        arrays.Add("points", latent.Points.contiguous().data<float>().ToArray());
        arrays.Add("shades", latent.Pixels);
        arrays.Add("labels", [.. (labels ?? []).Select(label => (int)label)]);
        for (int i = 0; i < colourings.Count; i++)
        {
            byte[] bytes = [.. colourings[i].Colours.SelectMany(colour => (byte[])[colour.Red, colour.Green, colour.Blue])];
            arrays.Add(Invariant($"colours{i}"), bytes);
        }
        PageDecoder? decoder = PageDecoder.Create(run.Model, arrays);
        Tensor known = KnownPoints.Of(run, latent.Points, Math.Clamp(MostPixels / 2 / images.PixelCount, 64, MostKnown));
        if (decoder is null)
        {
            arrays.Add("decodedPoints", known.contiguous().data<float>().ToArray());
            arrays.Add("decodedShades", KnownPoints.Shades(run, known, latent.Range));
        }
        var report = new
        {
            Slots = LatentComponent.Of(run.Model.Latent, latent.Points, int.MaxValue)
                .Select((component, i) => PageSlot.Create(component, i, latent.Points, known, arrays)).ToArray(),
            Width = run.Model.Latent.AmbientDimension,
            Format = new
            {
                run.Shape.Height,
                run.Shape.Width,
                run.Shape.Channels,
                IsVector = !run.Shape.IsImage,
                Names = run.Shape.FeatureNames,
                latent.Range.Black,
                latent.Range.White,
            },
            Decoder = decoder,
            Legends = colourings.Select(colouring => Legend.Of(colouring, labels, images.NameOf)),
            Hint = Hint(contents, images.Count, decoder is null ? known.size(0) : null),
            Numbers = Numbers(contents),
            Epochs = run.Directory.ReadMetrics().Select(row => new
            {
                row.Epoch,
                row.TrainElbo,
                row.TrainKl,
                row.TrainMse,
                TestElbo = row.Validation.Elbo,
                TestKl = row.Validation.Kl,
                TestMse = row.Validation.Mse,
            }),
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

    private static string Summary(ReportContents contents)
    {
        ModelScore elbo = contents.Elbo;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(contents.Run.Directory.Root)));
        string verdict = contents.Topology is { } topology
            ? $"The topology of the data is {TopologyReport.Word(topology)}. "
            : "";
        return $"ELBO {PageText.Number(elbo.Elbo, "0.00")} nats per image, KL {PageText.Number(elbo.Kl, "0.00")}, "
            + $"MSE {PageText.Number(elbo.Mse, "0.0000")} per pixel on {contents.Description}. {verdict}Run {name}.";
    }

    /// <param name="contents">What the page shows.</param>
    /// <param name="shown">The number of images that it shows.</param>
    /// <param name="decoded">
    /// The number of images that were decoded beforehand; null where the decoder runs in the page.
    /// </param>
    private static string Hint(ReportContents contents, long shown, long? decoded)
    {
        string part = shown < contents.Images.Count ? Invariant($"the first {shown} of ") : "";
        string dots = $"The dots are {part}{contents.Description}.";
        return decoded is { } count
            ? Invariant($"Move the pointer over the latent space. The decoder of this model cannot run in a page, so you see the nearest ")
                + Invariant($"of {count} images that were decoded beforehand. {dots}")
            : "Move the pointer over the latent space: the decoder, which is part of this page, draws the image of the point below it. "
                + dots;
    }

    private static IEnumerable<ReportNumber> Numbers(ReportContents contents)
    {
        ModelScore elbo = contents.Elbo;
        yield return new("ELBO", PageText.Number(elbo.Elbo, "0.000"), $"nats per image, {EvaluationReport.StandardError(elbo)}");
        yield return new("KL", PageText.Number(elbo.Kl, "0.000"), "nats per image");
        for (int i = 0; i < elbo.ComponentKl.Count && elbo.ComponentKl.Count > 1; i++)
        {
            string id = contents.Run.Model.Latent.Components[i].Id;
            yield return new($"KL on {id}", PageText.Number(elbo.ComponentKl[i], "0.000"), "nats per image");
        }
        yield return new("MSE", PageText.Number(elbo.Mse, "0.000000"), "per pixel");
        yield return new("log t", PageText.Number(elbo.LogTime, "0.000"), "mean over the images");
        if (contents.Limit is { } limit)
        {
            yield return new(
                "limit", PageText.Number(limit, "0.000"), "nats per image, the log-likelihood under the data's own distribution");
        }
        if (contents.Topology is { } topology)
        {
            IEnumerable<string> details = [.. topology.Obstacles, .. topology.Undetermined, .. TopologyReport.Details(topology)];
            yield return new("topology", TopologyReport.Word(topology), string.Join("; ", details));
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Blank();
}
