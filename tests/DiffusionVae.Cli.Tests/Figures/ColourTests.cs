using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests.Figures;

[Collection(InProcess.Name)]
public sealed class ColourTests
{
    /// <summary>
    /// How sRGB in linear light looks without the cones for long, middle or short waves (Machado, Oliveira
    /// and Fernandes 2009, severity 1).
    /// </summary>
    private static readonly double[][] Deficiencies =
    [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    [Fact]
    public void Black_white_and_red_are_where_they_should_be()
    {
        Assert.Equal(SKColors.White, new OkLab(1, 0, 0).ToColour());
        Assert.Equal(SKColors.Black, new OkLab(0, 0, 0).ToColour());
        // Ottosson's value for the red primary.
        Assert.Equal(SKColors.Red, new OkLab(0.627955, 0.224863, 0.125846).ToColour());
    }

    [Fact]
    public void Ten_labels_are_told_apart_also_with_a_colour_deficiency()
    {
        SKColor[] colours = [.. Enumerable.Range(0, 10).Select(label => LabelColours.Of(label))];
        Assert.Equal(10, colours.Distinct().Count());
        // A step of 0.02 in OKLab is just noticeable.
        Assert.All(Deficiencies.Zip([0.15, 0.1, 0.1, 0.07]), kind =>
        {
            OkLab[] seen = [.. colours.Select(colour => Seen(colour, kind.First))];
            Assert.All(Pairs(seen), pair =>
                Assert.True(Distance(pair.A, pair.B) > kind.Second, FormattableString.Invariant($"{pair} {Distance(pair.A, pair.B)}")));
        });
        Assert.Equal(LabelColours.Of(3), LabelColours.Of(13));
        Assert.Equal(LabelColours.Of(9), LabelColours.Of(-1));
    }

    [Theory]
    [InlineData("torus:1")]
    [InlineData("torus:2")]
    [InlineData("embedded-torus")]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("projective:2")]
    [InlineData("so3")]
    [InlineData("projective:1")]
    [InlineData("projective:3")]
    [InlineData("ellipsoid")]
    public void A_screen_can_show_the_colours_of_all_factors(string id)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<FactorColours> maps = FactorColours.On(ManifoldCatalogue.Parse(id));
        Assert.NotEmpty(maps);
        Tensor factors = ((IClosedManifold)ManifoldCatalogue.Parse(id)).SampleUniform(2000, new Generator(1, CPU), ScalarType.Float64);
        foreach (FactorColours map in maps)
        {
            foreach (OkLab colour in map.Of(factors))
            {
                (double red, double green, double blue) = colour.ToLinear();
                Assert.All([red, green, blue], light => Assert.InRange(light, -1e-3, 1 + 1e-3));
            }
        }
    }

    /// <summary>
    /// Far points have clearly different colours, and near points change their colour at an even pace in
    /// every direction.
    /// </summary>
    [Theory]
    [InlineData("torus:1")]
    [InlineData("torus:2")]
    [InlineData("sphere:2")]
    public void Colours_tell_all_points_apart(string id)
    {
        using var scope = NewDisposeScope();
        var manifold = (IGeodesicManifold)ManifoldCatalogue.Parse(id);
        FactorColours map = Assert.Single(FactorColours.On(manifold));
        Tensor points = ((IClosedManifold)manifold).SampleUniform(400, new Generator(2, CPU), ScalarType.Float64);
        double[] distances = [.. Rows.Of(manifold.Distance(points.unsqueeze(1), points).squeeze(-1)).SelectMany(row => row)];
        OkLab[] colours = map.Of(points);
        double[] differences = [.. from a in colours from b in colours select Distance(a, b)];
        double[] rates = [.. distances.Zip(differences).Where(pair => pair.First > 1e-6).Select(pair => pair.Second / pair.First)];
        Assert.InRange(rates.Min(), 0.02, 1);
        Assert.InRange(rates.Max(), 0, 0.25);
    }

    [Fact]
    public void Opposite_points_of_the_sphere_that_are_one_of_the_projective_plane_have_one_colour()
    {
        using var scope = NewDisposeScope();
        FactorColours map = Assert.Single(FactorColours.On(new ProjectiveSpace(2)));
        OkLab[] colours = map.Of(tensor(new[,] { { 0.6, 0, 0.8 }, { -0.6, 0, -0.8 }, { -0.6, 0, 0.8 } }));
        Assert.Equal(colours[0], colours[1]);
        Assert.True(Distance(colours[0], colours[2]) > 0.1);
    }

    /// <summary>
    /// A manifold that nobody has named here is coloured by its chart: two angles as the torus, and a twisted
    /// axis not at all.
    /// </summary>
    [Fact]
    public void The_chart_of_a_manifold_decides_its_colours()
    {
        using var scope = NewDisposeScope();
        ChartAxis[] angles = [new("u", -Math.PI, Math.PI, IsPeriodic: true), new("v", -Math.PI, Math.PI, IsPeriodic: true)];
        var torus = new ParametrisedManifold("mine", 4, angles, u => cat([u.cos() * 2, u.sin()], -1));
        Tensor at = tensor(new[,] { { 1.0, -2.0 }, { 0.3, 2.5 } });
        OkLab[] expected = Assert.Single(FactorColours.On(new FlatTorus(2))).Of(FlatTorus.FromAngles(at));
        OkLab[] found = Assert.Single(FactorColours.On(torus)).Of(torus.FromParameters(at));
        Assert.All(expected.Zip(found), pair => Assert.InRange(Distance(pair.First, pair.Second), 0, 1e-9));
        Assert.Empty(FactorColours.On(new KleinBottle()));
        Assert.Empty(FactorColours.On(new Sphere(5)));
    }

    [Fact]
    public void Rotations_are_coloured_by_where_they_take_two_axes()
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<FactorColours> maps = FactorColours.On(new RotationGroup());
        FactorColours ball = Assert.Single(FactorColours.On(new Sphere(2)));
        // A quarter turn about y takes z to x, and x to -z.
        Tensor turn = tensor(new double[,] { { 0, 0, 1, 0, 1, 0, -1, 0, 0 } });
        SKColor[] expected = [.. ball.Of(tensor(new double[,] { { 1, 0, 0 }, { 0, 0, -1 } })).Select(colour => colour.ToColour())];
        Assert.Equal(expected, maps.Select(map => map.Of(turn).Single().ToColour()));
    }

    private static IEnumerable<(OkLab A, OkLab B)> Pairs(OkLab[] all) =>
        from i in Enumerable.Range(0, all.Length) from j in Enumerable.Range(0, i) select (all[i], all[j]);

    private static double Distance(OkLab a, OkLab b) =>
        Math.Sqrt(((a.L - b.L) * (a.L - b.L)) + ((a.A - b.A) * (a.A - b.A)) + ((a.B - b.B) * (a.B - b.B)));

    /// <summary>OKLab of what is seen of a colour, by Ottosson's forward matrices.</summary>
    private static OkLab Seen(SKColor colour, double[] deficiency)
    {
        double[] light = [.. new[] { colour.Red, colour.Green, colour.Blue }.Select(part => part / 255.0)
            .Select(x => x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4))];
        double[] seen = [.. Times(deficiency, light).Select(x => Math.Clamp(x, 0, 1))];
        double[] cones = Times([
            0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376,
            0.6299787005], seen);
        double[] lab = Times(
            [0.2104542553, 0.7936177850, -0.0040720468, 1.9779984951, -2.4285922050, 0.4505937099, 0.0259040371, 0.7827717662,
                -0.8086757660], [.. cones.Select(Math.Cbrt)]);
        return new OkLab(lab[0], lab[1], lab[2]);
    }

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. matrix.Chunk(3).Select(row => row.Zip(vector, (a, b) => a * b).Sum())];
}
