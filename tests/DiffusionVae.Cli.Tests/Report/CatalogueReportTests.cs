using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Report;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Reports;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// Pages and figures of every manifold of the catalogue, and of one that a program adds to it.
/// </summary>
[Collection(InProcess.Name)]
[Trait(Speed.Trait, Speed.Slow)]
public sealed class CatalogueReportTests(Browser browser)
{
    private const string MadeUp = "page-test-hose";

    /// <summary>
    /// Every example; products, of which two curves are drawn as one; a manifold that is drawn part by part.
    /// </summary>
    public static TheoryData<string> All =>
        [.. ManifoldCatalogue.Examples.Where(id => id != MadeUp), "torus:1*euclidean:2", "torus:1*sphere:1", "torus:5"];

    [BrowserTheory]
    [MemberData(nameof(All))]
    public void Every_latent_space_has_a_page_whose_live_image_is_the_librarys(string id)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, id);
        browser.Open(run.Directory.Report);
        Assert.InRange(SmallReport.WalkEverywhere(browser, run), 1, 6);
        Assert.Empty(browser.Messages());
    }

    /// <summary>
    /// One registration, and page and figures follow, with charts of its own that no script knows.
    /// </summary>
    [BrowserFact]
    public void A_registered_manifold_has_a_page_and_figures()
    {
        ManifoldCatalogue.Register(new ManifoldFamily
        {
            Name = MadeUp,
            Syntax = MadeUp,
            Summary = "a hose with a bulge",
            Advice = "tests of the page",
            Examples = [MadeUp],
            Create = _ => Hose(),
        });
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, MadeUp);
        browser.Open(run.Directory.Report);
        Assert.Equal(1, SmallReport.WalkEverywhere(browser, run));
        Assert.Empty(browser.Messages());
        using ImageData images = IdxFolder.Load(folder["tiny"]);
        IReadOnlyList<FigureFiles> figures = FigureSet.Write(run, images, run.Directory.Figures);
        Assert.Contains("latent-map", figures.Select(figure => Path.GetFileNameWithoutExtension(figure.Png)));
    }

    /// <summary>
    /// A model of the caller's, whose decoder the page does not know: the page says so, and shows the image
    /// of the nearest of many points.
    /// </summary>
    [BrowserFact]
    public void A_decoder_that_is_no_perceptron_is_shown_by_images_decoded_beforehand()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        var config = new RunConfig
        {
            Data = "tiny", Manifold = "sphere:2", Threads = 1, Training = new TrainingOptions { Epochs = 1, BatchSize = 16 },
        };
        using ImageData images = IdxFolder.Load(folder["tiny"]);
        using Run run = Run.Train(config, images, folder["run"], request =>
        {
            LatentSpace latent = LatentSpace.Parse(request.Config.Manifold);
            int pixels = request.Shape.Size;
            var encoder = new Mlp(pixels, [16], latent.EncoderOutputs, request.Generator);
            nn.Module<Tensor, Tensor> decoder = nn.Sequential(("one", nn.Linear(3, 8)), ("bend", nn.Tanh()), ("two", nn.Linear(8, pixels)));
            return new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse("gaussian"));
        });
        browser.Open(RunReport.Write(run, images).Page);
        Assert.Equal(1, browser.Number("return Number(document.querySelector('.hint').textContent.includes('decoded beforehand'))"));
        using var scope = NewDisposeScope();
        (double black, double white) = (browser.Number("return dvae.range[0]"), browser.Number("return dvae.range[1]"));
        Tensor known = KnownPoints.Of(run, run.Encode(images.Test).Mean, 3000);
        foreach ((double right, double up) in new[] { (-0.2, 0.1), (0.15, 0.2), (0.05, -0.25) })
        {
            browser.Point(browser.Element(".view canvas:last-of-type"), right, up);
            Tensor point = tensor(browser.Numbers("return dvae.point"), dtype: ScalarType.Float32);
            Tensor nearest = known[(known - point).square().sum(-1).argmin()].unsqueeze(0);
            Assert.InRange((nearest - point).square().sum().sqrt().item<float>(), 0, 0.2f);
            double[] expected = SmallReport.Values(run.Decode(nearest)), pixels = browser.Numbers("return dvae.pixels");
            // A shade is a 255th of the range; what lies beyond it is shown as its end.
            Assert.All(expected.Zip(pixels), pair =>
                Assert.InRange(Math.Abs(Math.Clamp(pair.First, black, white) - pair.Second), 0, 0.51 * (white - black) / 255));
        }
        Assert.Empty(browser.Messages());
    }

    /// <summary>What fails is replaced by a note; the rest of the page is there all the same.</summary>
    [BrowserFact]
    public void A_fault_in_one_part_of_a_page_leaves_the_others()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using Run run = SmallReport.Write(folder, "torus");
        string page = File.ReadAllText(run.Directory.Report);
        string damaged = page.Replace("\"kind\":\"box\"", "\"kind\":\"unheard-of\"", StringComparison.Ordinal);
        Assert.NotEqual(page, damaged);
        File.WriteAllText(folder["damaged.html"], damaged);
        browser.Open(folder["damaged.html"]);
        Assert.Equal(1, browser.Number("return document.querySelectorAll('.missing').length"));
        Assert.Equal(3, browser.Number("return document.querySelectorAll('.curves figure').length"));
        Assert.InRange(browser.Number("return document.querySelectorAll('table tr').length"), 10, 1000);
        Assert.NotEmpty(browser.Messages());
    }

    /// <summary>
    /// Interpolation between the nodes of a chart gives the points between them, for every chart of the
    /// catalogue.
    /// </summary>
    [Theory]
    [MemberData(nameof(Charted))]
    public void Every_chart_of_the_catalogue_is_smooth(string id)
    {
        using var scope = NewDisposeScope();
        foreach (Chart chart in ((IChartedManifold)ManifoldCatalogue.Parse(id)).Charts.Where(chart => chart.Kind != ChartKind.Surface))
        {
            Assert.True(ChartSeries.Create(chart, reach: 3, places => chart.ToPoints(places).Points).IsSmooth);
        }
    }

    public static TheoryData<string> Charted =>
        [.. ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IChartedManifold { Charts.Count: > 0 })];

    /// <summary>
    /// A chart with a crease is told from a smooth one: the page then goes to the nearest node.
    /// </summary>
    [Fact]
    public void A_chart_with_a_crease_is_not_smooth()
    {
        using var scope = NewDisposeScope();
        Chart line = new EuclideanSpace(1).Charts[0];
        Assert.True(ChartSeries.Create(line, reach: 3, places => places * places).IsSmooth);
        Assert.False(ChartSeries.Create(line, reach: 3, places => (places - 0.3).abs()).IsSmooth);
    }

    /// <summary>
    /// Points for most manifolds; the entries of p pᵀ on projective spaces; what is neither is told.
    /// </summary>
    [Fact]
    public void What_a_decoder_sees_is_found_out_for_the_page()
    {
        Assert.Equal(0, FeatureForms.Of(new Sphere(2))!.Count);
        FeatureForms forms = FeatureForms.Of(new ProjectiveSpace(2))!;
        Assert.Equal(6, forms.Count);
        using var scope = NewDisposeScope();
        Tensor point = tensor(new[,] { { 0.6, 0, 0.8 } }), matrices = tensor(forms.Matrices, [6, 3, 3]).to(ScalarType.Float64);
        Tensor values = einsum("bi,fij,bj->bf", point, matrices, point);
        Assert.InRange((values - new ProjectiveSpace(2).Features(point)).abs().max().item<double>(), 0, 1e-6);
        Assert.Null(FeatureForms.Of(new Cubes()));
    }

    private static ParametrisedManifold Hose() => new(
        MadeUp,
        3,
        [new ChartAxis("along", -Math.PI, Math.PI, IsPeriodic: true), new ChartAxis("round", -Math.PI, Math.PI, IsPeriodic: true)],
        u =>
        {
            (Tensor along, Tensor round) = (u.select(-1, 0), u.select(-1, 1));
            Tensor radius = (along.cos() * 0.2) + 0.6, fromAxis = (radius * round.cos()) + 2;
            return stack([fromAxis * along.cos(), fromAxis * along.sin(), radius * round.sin()], -1);
        });

    /// <summary>A line whose decoder would see cubes.</summary>
    private sealed class Cubes : IManifold
    {
        public string Id => "cubes";

        public int Dimension => 1;

        public int AmbientDimension => 1;

        public Tensor Project(Tensor x) => x.clone();

        public Tensor Features(Tensor points) => points.pow(3);
    }
}
