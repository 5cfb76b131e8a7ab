using System.Xml.Linq;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Reports;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests.Figures;

/// <summary>What is drawn, read back from the pictures.</summary>
[Collection(InProcess.Name)]
public sealed class LatentMapTests
{
    private const int Margin = 16, PixelsPerPoint = 2;
    private static readonly SKColor Green = new(0, 160, 0);

    public static TheoryData<string> All =>
        [.. ManifoldCatalogue.Examples, "sphere:2*torus:1", "torus:1*euclidean:1", "projective:1*sphere:1", "torus:5"];

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(2.0, -1.5)]
    [InlineData(-3.0, 3.0)]
    public void A_point_of_the_torus_is_drawn_at_its_angles(double first, double second)
    {
        using var scope = NewDisposeScope();
        ChartView view = Assert.Single(ChartView.Of(new FlatTorus(2).Charts[0], reach: 1));
        var cloud = new CloudPanel(view, 300, [[first, second]], [Green]);
        using SKBitmap picture = Drawn(cloud);
        // The chart starts 34 points from the left of its panel and 8 from the top.
        int x = (int)(PixelsPerPoint * (Margin + 34 + (300 * (first + Math.PI) / (2 * Math.PI))));
        int y = (int)(PixelsPerPoint * (Margin + 8 + (300 * (Math.PI - second) / (2 * Math.PI))));
        Assert.Equal(Green, picture.GetPixel(x, y));
        Assert.InRange(picture.Pixels.Count(pixel => pixel == Green), 20, 300);
    }

    [Fact]
    public void The_decoder_is_asked_for_the_points_of_the_places_where_its_images_stand()
    {
        using var scope = NewDisposeScope();
        ChartView view = Assert.Single(ChartView.Of(new ProjectiveSpace(2).Charts[0], reach: 1));
        // Images of one grey: the height of the pole, 1 in the middle of the disc and 0 at its rim.
        var tiles = new TilePanel(view, 300, new ImageRenderer(ObservationShape.Image(2, 2), (0, 1)), points =>
            [.. Rows.Of(points).Select(point => Enumerable.Repeat((float)point[2], 4).ToArray())]);
        using SKBitmap picture = Drawn(tiles);
        byte At(double right, double up) => picture.GetPixel(
            (int)(PixelsPerPoint * (Margin + 34 + 150 + (150 * right))), (int)(PixelsPerPoint * (Margin + 8 + 150 - (150 * up)))).Red;
        // Lambert's projection: z = 1 - (distance from the middle)², in units of the rim. A tile spans 1/8 of
        // the radius.
        Assert.All([(0.06, 0.06), (0.56, -0.06), (-0.31, 0.56), (0.06, -0.81)], place =>
            Assert.Equal(255 * (1 - (place.Item1 * place.Item1) - (place.Item2 * place.Item2)), At(place.Item1, place.Item2), 255 * 0.13));
        Assert.Equal(255, At(0.9, 0.9));
        Assert.Equal(255, At(-0.9, 0.9));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_latent_space_has_a_map(string id)
    {
        using var scope = NewDisposeScope();
        using var folder = new Folder();
        using var generator = new Generator(3, CPU);
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor points = latent.SamplePrior(60, generator);
        var colouring = new Colouring("label", [.. Enumerable.Repeat(Green, 60)], new LabelLegend([0, 1], label => label == 0 ? "0" : "1"));
        int decoded = 0;
        var renderer = new ImageRenderer(ObservationShape.Image(4, 4), (0, 1));
        Figure figure = Assert.Single(LatentMaps.Of(latent, points, "images", [colouring], renderer, some =>
        {
            Assert.Equal(latent.AmbientDimension, some.size(-1));
            Assert.InRange((latent.Project(some) - some).abs().max().item<float>(), 0, 1e-6f);
            decoded += (int)some.size(0);
            return [.. Enumerable.Repeat(new float[16], (int)some.size(0))];
        }));
        FigureFiles files = figure.Write(folder.Path);
        bool hasChart =
            latent.Manifolds.All(manifold => manifold is IChartedManifold { Charts.Count: > 0 } or IChartedManifold { Parts.Count: > 1 });
        Assert.Equal(hasChart, decoded > 0);
        using SKBitmap picture = SKBitmap.Decode(files.Png);
        Assert.True(picture.Pixels.Count(pixel => pixel == Green) > 60);
        Assert.Equal(decoded > 0, picture.Pixels.Count(pixel => pixel == SKColors.Black) > 1000);
        Assert.StartsWith("images encoded in " + latent.Id, figure.Caption, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Load(files.Svg).Root);
    }

    [Fact]
    public void The_drawing_has_two_thousand_dots_at_most_and_the_picture_all()
    {
        using var folder = new Folder();
        ChartView view = ChartView.Of(new EuclideanSpace(2).Charts[0], reach: 3)[0];
        double[][] places = [.. Enumerable.Range(0, 5000).Select(i => new[] { i < 2000 ? -2.0 : 2.0, ((i % 500) / 100.0) - 2.5 })];
        FigureFiles files =
            new Figure("many", "", new CloudPanel(view, 300, places, [.. Enumerable.Repeat(Green, 5000)])).Write(folder.Path);
        Assert.Equal(2000, XDocument.Load(files.Svg).Descendants().Count(element => element.Name.LocalName is "circle" or "ellipse"));
        using SKBitmap picture = SKBitmap.Decode(files.Png);
        Assert.Equal(Green, picture.GetPixel(PixelsPerPoint * (Margin + 34 + 250), PixelsPerPoint * (Margin + 8 + 150)));
    }

    [Fact]
    public void Factors_colour_before_labels_and_labels_before_nothing()
    {
        using var scope = NewDisposeScope();
        Tensor pixels = zeros(4, 2, 2), labels = arange(4);
        var factors = new GenerativeFactors(new FlatTorus(2), FlatTorus.FromAngles(rand(4, 2)));
        Colouring Of(Tensor? known, GenerativeFactors? truth)
        {
            using var images = new ImageSet("some", pixels, known, truth);
            return Assert.Single(Colouring.Of(images));
        }
        Assert.IsType<ColourWheel>(Of(labels, factors).Legend);
        Assert.IsType<LabelLegend>(Of(labels, null).Legend);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(label => LabelColours.Of(label))], Of(labels, null).Colours);
        Assert.Null(Of(null, null).Legend);
        Assert.IsType<LabelLegend>(Of(labels, new GenerativeFactors(new FlatTorus(4), rand(4, 8))).Legend);
    }

    private static SKBitmap Drawn(Panel panel)
    {
        using var folder = new Folder();
        return SKBitmap.Decode(new Figure("figure", "", panel).Write(folder.Path).Png);
    }
}
