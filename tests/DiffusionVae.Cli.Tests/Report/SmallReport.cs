using DiffusionVae.Cli.Report;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using OpenQA.Selenium;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests;

/// <summary>Pages about small runs, and how they are compared with the library.</summary>
internal static class SmallReport
{
    private const string Decoded = ".inspector > div:first-child canvas";

    /// <summary>Trains a small run on images of a folder, briefly, and writes its page.</summary>
    public static Run Write(Folder folder, string manifold, Func<RunConfig, RunConfig>? choose = null, string data = "tiny")
    {
        var config = new RunConfig
        {
            Manifold = manifold,
            Data = data,
            Network = new NetworkOptions { EncoderWidths = [16], DecoderWidths = [16] },
            Training = new TrainingOptions { Epochs = 1, BatchSize = 16 },
            // Ready at once where the exact divergence is tabulated first.
            Latent = new LatentOptions { Divergence = DivergenceMethod.Asymptotic, Bounds = LogTimeBounds.Paper },
            Threads = 1,
        };
        using ImageData images = IdxFolder.Load(folder[data]);
        Run run = Run.Train(choose?.Invoke(config) ?? config, images, folder[$"run{Directory.GetDirectories(folder.Path).Length}"]);
        ReportPage.Write(
            run.Directory.Report,
            new ReportContents { Run = run, Images = images.Test, Description = "images", Elbo = run.History[^1].Validation });
        return run;
    }

    /// <summary>
    /// Opens every chart of every part of the latent space, sees that something is drawn there, and moves the
    /// pointer over it.
    /// </summary>
    /// <returns>How many charts there were.</returns>
    public static int WalkEverywhere(Browser browser, Run run)
    {
        int views = (int)browser.Number("return document.querySelectorAll('.slots figure').length"), all = 0;
        for (int view = 1; view <= views; view++)
        {
            string figure = $".slots figure:nth-of-type({view})";
            int charts = Math.Max(1, (int)browser.Number($"return document.querySelectorAll('{figure} .switch button').length"));
            for (int chart = 1; chart <= charts; chart++, all++)
            {
                if (charts > 1)
                {
                    browser.Element($"{figure} .switch button:nth-of-type({chart})").Click();
                }
                string where = $"{run.Model.Latent.Id}, view {view}, chart {chart}";
                IWebElement canvas = browser.Element($"{figure} .view canvas:last-of-type");
                using SKBitmap picture = Browser.Picture(canvas);
                // The outline or surface alone has more.
                Assert.True(picture.Pixels.Count(pixel => pixel != SKColors.White) > 1000, $"{where}: nothing is drawn");
                Walk(browser, run, canvas, where);
            }
        }
        return all;
    }

    /// <summary>
    /// Moves the pointer over a view and compares what the page decodes, and what it shows, with the
    /// library's.
    /// </summary>
    public static void Walk(Browser browser, Run run, IWebElement view, string where)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        (double least, double most) = (browser.Number("return dvae.range[0]"), browser.Number("return dvae.range[1]"));
        var seen = new HashSet<string> { string.Join(' ', browser.Numbers("return dvae.point")) };
        // Seen from wherever: a ring lies across the view left and right, with its hole at the centre; of a
        // thin solid only the middle may be hit.
        foreach ((double right, double up) in new[] { (-0.33, 0.02), (0.33, 0.01), (0.34, -0.03), (-0.11, 0.02), (0.12, -0.03),
            (0.03, 0.01) })
        {
            browser.Point(view, right, up);
            double[] point = browser.Numbers("return dvae.point");
            if (!seen.Add(string.Join(' ', point)))
            {
                continue;
            }
            Tensor exact = tensor(point, dtype: ScalarType.Float32).unsqueeze(0);
            Assert.True((run.Model.Latent.Project(exact) - exact).abs().max()
                .item<float>() < 1e-5, $"{where}: ({string.Join(", ", point)}) is no point of the latent space");
            double[] expected = Values(run.Model.Decode(exact));
            double[] pixels = browser.Numbers("return dvae.pixels");
            double worst = expected.Zip(pixels, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= (most - least) / 255, $"{where}: pixels differ by {worst}");
            AssertShown([.. expected.Select(value => (value - least) / (most - least))], browser.Shades(Decoded));
        }
        // The first is where the page stood before.
        Assert.True(seen.Count > 3, $"{where}: the pointer moves to {seen.Count} points only");
    }

    /// <param name="expected">From 0 for black to 1 for white.</param>
    /// <param name="shades">From 0 to 255.</param>
    public static void AssertShown(double[] expected, double[] shades) =>
        Assert.All(expected.Zip(shades), pair => Assert.InRange(pair.Second - (255 * Math.Clamp(pair.First, 0, 1)), -1.51, 1.51));

    public static double[] Values(Tensor images) => [.. images.data<float>().ToArray().Select(value => (double)value)];
}
