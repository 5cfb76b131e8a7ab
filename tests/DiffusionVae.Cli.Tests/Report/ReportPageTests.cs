using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using OpenQA.Selenium;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests;

/// <summary>The page of <c>dvae report</c> in a real browser, against the library.</summary>
[Collection(InProcess.Name)]
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ReportPageTests(Browser browser, ITestOutputHelper output)
{
    /// <summary>
    /// Part of the width of a drawing in the plane that the unit of its coordinates takes: charts/flat.js.
    /// </summary>
    private const double SquareUnit = 1 / 2.3;

    private const string Original = ".pair canvas:nth-of-type(1)";
    private const string Reconstruction = ".pair canvas:nth-of-type(2)";

    [BrowserFact]
    public void The_live_image_is_the_librarys_on_every_kind_of_chart()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        (string Manifold, Func<RunConfig, RunConfig>? Choose)[] runs =
        [
            ("torus:3*so3", null),
            ("sphere:2*projective:2*euclidean:3", null),
            ("embedded-torus:2,0.7*projective:3*projective:1*sphere:4", config =>
                config with { Network = config.Network with { AverageAntipodes = true } }),
            ("euclidean:2*euclidean:1*sphere:3", config => config with
            {
                Network = config.Network with { Decoder = "bernoulli" },
                Training = config.Training with { Binarisation = Binarisation.Dynamic },
            }),
        ];
        foreach ((string manifold, Func<RunConfig, RunConfig>? choose) in runs)
        {
            using Run run = SmallReport.Write(folder, manifold, choose);
            browser.Open(run.Directory.Report);
            SmallReport.WalkEverywhere(browser, run);
            Assert.Empty(browser.Messages());
        }
    }

    [BrowserFact]
    public void A_page_opens_from_a_file_asks_for_nothing_and_turns()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome trained = DvaeProcess.Run(folder.Path, ["train", .. TinyImages.Quick, "--manifold", "sphere:2", "--output", "run"], null);
        Assert.True(trained.ExitCode == ExitCodes.Success, trained.Error);
        Outcome reported = DvaeProcess.Run(folder.Path, "report", "run");
        Assert.True(reported.ExitCode == ExitCodes.Success, reported.Error);
        browser.Requests();
        browser.Open(folder["run", "report.html"]);
        IWebElement globe = browser.Element(".view canvas");
        browser.Point(globe, 0, 0);
        double[] before = browser.Numbers("return dvae.eyes[0]");
        double[] point = browser.Numbers("return dvae.point");
        browser.Drag(globe, 0.2, 0.1);
        double[] after = browser.Numbers("return dvae.eyes[0]");
        Assert.True(Distance(before, after) > 0.5 && Math.Abs(Length(before) - Length(after)) < 1e-6,
            $"{string.Join(' ', before)} to {string.Join(' ', after)}");
        Assert.Equal(point, browser.Numbers("return dvae.point"));

        // What stood at the pointer before is somewhere else now.
        browser.Point(globe, 0.1, 0.1);
        double[] turned = browser.Numbers("return dvae.point");
        browser.Drag(globe, -0.2, 0.15);
        browser.Point(globe, 0.1, 0.1);
        Assert.True(Distance(turned, browser.Numbers("return dvae.point")) > 0.2);

        Assert.All(browser.Requests(), url => Assert.Matches("^(file|data|blob):", url));
        Assert.Empty(browser.Messages());
    }

    /// <summary>As in a browser on a machine without a graphics driver.</summary>
    [BrowserFact]
    public void Without_WebGL_the_drawing_in_the_plane_comes_first()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, "sphere:2");
        const string without = """
            <script>
            const getContext = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
              return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
            };
            </script>
            """;
        string page = File.ReadAllText(run.Directory.Report);
        File.WriteAllText(run.Directory.Report, page.Replace("<head>", $"<head>{without}", StringComparison.Ordinal));
        browser.Open(run.Directory.Report);
        Assert.Equal(0, browser.Number("return document.querySelectorAll('.missing').length"));
        browser.Point(browser.Element(".view canvas:last-of-type"), 0.1, 0.1);
        Assert.Equal(3, browser.Numbers("return dvae.point").Length);
    }

    [BrowserFact]
    public void Pointing_at_an_image_shows_it_beside_its_reconstruction()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, "torus", config => config with { Training = config.Training with { Epochs = 20 } });
        using ImageData data = IdxFolder.Load(folder["tiny"]);
        using var scope = NewDisposeScope();
        browser.Open(run.Directory.Report);
        foreach (int index in new[] { 3, 8, 13 })
        {
            PointAt(run, data.Test, index);
            Assert.Equal(index, browser.Number("return dvae.image"));
            Assert.Equal(
                data.Test.Pixels[index].data<float>().ToArray().Select(pixel => Math.Round(255.0 * pixel)), browser.Shades(Original));
            double[] expected = SmallReport.Values(run.Model.Reconstruct(data.Test.Pixels[index..(index + 1)]));
            SmallReport.AssertShown(expected, browser.Shades(Reconstruction));
        }
        Assert.Empty(browser.Messages());
    }

    [BrowserFact]
    public void Keys_and_fingers_move_the_point_too()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, "torus");
        browser.Open(run.Directory.Report);
        double[] angles = Angles();
        browser.Element(".view canvas:last-of-type").SendKeys(Keys.ArrowRight + Keys.ArrowRight + Keys.ArrowUp);
        double[] moved = Angles();
        Assert.Equal(0.04 * Math.PI, Math.IEEERemainder(moved[0] - angles[0], 2 * Math.PI), 1e-6);
        Assert.Equal(0.02 * Math.PI, Math.IEEERemainder(moved[1] - angles[1], 2 * Math.PI), 1e-6);

        browser.Tap(browser.Element(".view canvas:last-of-type"), 0.25 * SquareUnit, -0.5 * SquareUnit);
        // To a pixel.
        Assert.Equal(0.25 * Math.PI, Angles()[0], 0.02);
        Assert.Equal(-0.5 * Math.PI, Angles()[1], 0.02);
        Assert.Empty(browser.Messages());

        double[] Angles()
        {
            double[] point = browser.Numbers("return dvae.point");
            return [Math.Atan2(point[1], point[0]), Math.Atan2(point[3], point[2])];
        }
    }

    [BrowserFact]
    public void Ten_thousand_digits_make_a_small_page_that_opens_fast()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["digits"]);
        File.WriteAllBytes(folder["digits", TinyImages.Train], TinyImages.Images(48, 28));
        File.WriteAllBytes(folder["digits", TinyImages.TrainLabels], TinyImages.Labels(48));
        foreach (string file in new[] { "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz" })
        {
            File.Copy(Path.Combine(Repository.Root, "data", "mnist", file), folder["digits", file]);
        }
        using Run run = SmallReport.Write(folder, "torus", config => config with { Network = new NetworkOptions() }, "digits");

        double size = new FileInfo(run.Directory.Report).Length / 1e6;
        TimeSpan[] times = [.. Enumerable.Range(0, 3).Select(_ => browser.Open(run.Directory.Report))];
        output.WriteLine(
            FormattableString.Invariant($"a page of 10000 latents: {size:0.0} MB, open after {times.Min().TotalSeconds:0.00} s"));
        Assert.InRange(size, 1, 15);
        // 2 s on a quiet machine; this one may be busy, and draws without a graphics card.
        Assert.InRange(times.Min().TotalSeconds, 0, 6);
        Assert.Equal(10_000, browser.Number("return dvae.count"));
        SmallReport.Walk(browser, run, browser.Element(".view canvas:last-of-type"), "torus, digits");

        using ImageData data = IdxFolder.Load(folder["digits"]);
        long[] labels = data.Test.Labels!.data<long>().ToArray();
        browser.Element(".legend button:nth-of-type(4)").Click();
        foreach (int index in Enumerable.Range(0, 100).Where(i => labels[i] == 3).Take(3))
        {
            PointAt(run, data.Test, index);
            Assert.Equal(3, labels[(int)browser.Number("return dvae.image")]);
        }
    }

    /// <summary>Moves the pointer to where an image lies on the square of a torus.</summary>
    private void PointAt(Run run, ImageSet images, int index)
    {
        using var scope = NewDisposeScope();
        float[] angles = FlatTorus.ToAngles(run.Model.Encode(images.Pixels[index..(index + 1)]).Mean).data<float>().ToArray();
        browser.Point(browser.Element(".view canvas:last-of-type"), angles[0] / Math.PI * SquareUnit, angles[1] / Math.PI * SquareUnit);
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));

    private static double Distance(double[] a, double[] b) => Length([.. a.Zip(b, (x, y) => x - y)]);
}
