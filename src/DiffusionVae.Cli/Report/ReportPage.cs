using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
    // The default encoder leaves no < in the text, which could end the element it stands in.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">What to show.</param>
    public static void Write(string path, ReportContents contents)
    {
        Run run = contents.Run;
        LatentImages images = LatentImages.Of(run, contents.Images);
        ImageColours colours = ImageColours.Of(contents.Images, images.Count);
        (Half[] weights, int[] widths) = Weights(run.Model.Decoder);

        var arrays = new PageArrays();
        arrays.Add("weights", weights);
        arrays.Add("points", images.Points);
        arrays.Add("colours", colours.Colours);
        arrays.Add("pixels", images.Pixels);
        if (colours.Labels is not null)
        {
            arrays.Add("labels", colours.Labels);
        }

        var report = new
        {
            Factors = run.Model.Latent.Factors.Select(factor => factor.Id),
            Format = new { run.ImageSize.Height, run.ImageSize.Width, images.Range.Black, images.Range.White },
            Decoder = new { Widths = widths, Mean = run.Model.Likelihood is BernoulliLikelihood ? "sigmoid" : "identity", run.Config.Network.AverageAntipodes },
            colours.Legend,
            Hint = Hint(contents, images.Count),
            Numbers = Numbers(contents),
            Metrics = File.ReadAllText(run.Directory.Metrics),
            Figures = contents.Figures.Select(figure => new { figure.Title, figure.Caption, Source = $"data:{figure.MediaType};base64,{Convert.ToBase64String(figure.Content)}" }),
            Config = JsonNode.Parse(run.Config.ToJson()),
            Arrays = arrays.Entries,
        };
        var parts = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode($"{run.Model.Latent.Id} on {run.Config.Data}"),
            ["summary"] = WebUtility.HtmlEncode(Summary(contents)),
            ["footer"] = WebUtility.HtmlEncode($"Written by dvae {typeof(ReportPage).Assembly.GetName().Version!.ToString(3)}, with three.js."),
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
        torch.Tensor[] parameters = [.. decoder.named_parameters().Select(parameter => parameter.parameter.detach().to(torch.ScalarType.Float32, torch.CPU).contiguous())];
        int[] widths = [(int)parameters[0].size(1), .. parameters.Where(parameter => parameter.dim() == 1).Select(bias => (int)bias.size(0))];
        return ([.. parameters.SelectMany(parameter => parameter.data<float>().ToArray()).Select(value => (Half)value)], widths);
    }

    private static string Summary(ReportContents contents) =>
        Invariant($"ELBO {contents.Elbo.Value:0.00} nats per image, KL {contents.Elbo.Kl:0.00}, MSE {contents.Elbo.Mse:0.0000} per pixel, on the {contents.Description}. ").Replace('-', '−')
        + $"Run {Path.GetFileName(Path.GetFullPath(contents.Run.Directory.Root))}.";

    private static string Hint(ReportContents contents, int shown)
    {
        string images = shown < contents.Images.Count ? Invariant($"the first {shown} of the {contents.Description}") : $"the {contents.Description}";
        return $"Move the pointer over the latent space: the decoder, which is part of this page, draws the image of the point below it. The dots are {images}.";
    }

    private static IEnumerable<string[]> Numbers(ReportContents contents)
    {
        Elbo elbo = contents.Elbo;
        yield return ["ELBO", Number(elbo.Value, "0.000"), Invariant($"nats per image, standard error {elbo.StandardError:0.000}")];
        yield return ["KL", Number(elbo.Kl, "0.000"), "nats per image"];
        for (int i = 0; i < elbo.FactorKl.Count && elbo.FactorKl.Count > 1; i++)
        {
            yield return [$"KL on {contents.Run.Model.Latent.Factors[i].Id}", Number(elbo.FactorKl[i], "0.000"), "nats per image"];
        }
        yield return ["MSE", Number(elbo.Mse, "0.000000"), "per pixel"];
        yield return ["log t", Number(elbo.LogTime, "0.000"), "mean over images"];
        foreach (ReportNumber more in contents.MoreNumbers)
        {
            yield return [more.Name, more.Value, more.Note];
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Blank();
}
