using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Data;

/// <summary>Images made by formula, against the formulas written out another way.</summary>
public sealed class ImageFamilyTests
{
    private const int Size = 16;

    public static TheoryData<string> Families =>
        ["fourier:size=16", "fourier:4,0.5,size=16", "circle:size=16", "circle:3,0.4,size=16", "rotations:size=16",
        "rotations:revolution,size=16", "rotations:rod,size=16", "rotations:random,size=16", "turntable:size=16"];

    [Fact]
    public void The_simple_picture_is_a_sum_of_cosines_moved_by_the_angles()
    {
        using DisposeScope scope = NewDisposeScope();
        PeriodicPicture picture = PeriodicPicture.Simple(Size);
        double[] angles = [0.3, -1.7, 2.9, 0.01];
        double[] images = Numeric.Values(picture.Render(FlatTorus.FromAngles(torch.tensor(angles).view(2, 2))));
        for (int image = 0; image < 2; image++)
        {
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                {
                    double expected = (Math.Cos((2 * Math.PI * y / Size) - angles[2 * image])
                        + Math.Cos((2 * Math.PI * x / Size) - angles[(2 * image) + 1])) / 2;
                    Assert.Equal(expected, images[(((image * Size) + y) * Size) + x], 1e-12);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_translation_by_whole_pixels_rolls_the_picture(bool acrossOnly)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(4);
        PeriodicPicture picture = PeriodicPicture.Random(5, 0.7, Size, generator, acrossOnly);
        (int down, int across) = (acrossOnly ? 0 : 3, 5);
        double[] pixels = acrossOnly ? [across] : [down, across];
        Tensor image = picture.Render(FlatTorus.FromAngles(torch.tensor(pixels).unsqueeze(0) * (2 * Math.PI / Size)));
        Assert.InRange(Numeric.Greatest(image.view(Size, Size) - picture.Pixels.roll([down, across], [0, 1])), 0, 1e-12);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(7, 10)]
    [InlineData(1, 5)]
    public void A_picture_of_every_frequency_is_moved_as_its_Fourier_transform_says(int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor pixels = torch.randn([height, width], ScalarType.Float64, generator: generator);
        Tensor angles = torch.tensor(new[] { 0.4, -2.3 }).unsqueeze(0);
        Tensor Phases(int side, int size)
        {
            Tensor turns = torch.fft.fftfreq(size, 1.0 / size, ScalarType.Float64) * angles[0, side];
            // A wave of two pixels has no other phase than those of the pixels: it is continued as a cosine.
            return torch.complex(turns.cos(), (-turns.sin()).masked_fill(torch.fft.fftfreq(size, 1.0, ScalarType.Float64).eq(-0.5), 0));
        }
        Tensor expected = torch.fft.ifft2(torch.fft.fft2(pixels) * Phases(0, height).unsqueeze(-1) * Phases(1, width)).real;
        Tensor image = PeriodicPicture.Create(pixels).Render(FlatTorus.FromAngles(angles)).view(height, width);
        Assert.InRange(Numeric.Greatest(image - expected), 0, 1e-12);
    }

    [Fact]
    public void A_blank_picture_stays_blank()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = PeriodicPicture.Create(torch.zeros(8, 8)).Render(FlatTorus.FromAngles(torch.ones(3, 2)));
        Assert.Equal([3, 64], images.shape);
        Assert.Equal(0, Numeric.Greatest(images));
    }

    [Fact]
    public void A_random_picture_has_the_spectrum_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        const int pictures = 400, frequencies = 3;
        const double discount = 0.5;
        (double near, double far) = (0, 0);
        using var generator = new Generator(1);
        for (int i = 0; i < pictures; i++)
        {
            Tensor picture = PeriodicPicture.Random(frequencies, discount, Size, generator).Pixels;
            Assert.Equal(1, picture.abs().max().ToDouble(), 1e-12);
            double[] power = Numeric.Values(torch.fft.fft2(picture).abs().square());
            double At(int k, int l) => power[(k * Size) + l];
            Assert.Equal(0, At(0, 0) + At(0, 4) + At(4, 4) + At(5, 1), 1e-20);
            near += Math.Log(At(1, 1) / At(0, 1)) / pictures;
            far += Math.Log(At(3, 2) / At(1, 0)) / pictures;
        }
        // All powers are exponential variables times γ^(2(|k|+|l|-1)) and the picture's own scale; the
        // logarithm of one has the deviation π/√6.
        double tolerance = 4 * Math.PI / Math.Sqrt(6) * Math.Sqrt(2.0 / pictures);
        Assert.Equal(2 * Math.Log(discount), near, tolerance);
        Assert.Equal(8 * Math.Log(discount), far, tolerance);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_same_id_gives_the_same_images_and_the_factors_give_them_again(string id)
    {
        using ImageData first = DataCatalogue.Parse($"{id},images=50,test=20").Load();
        using ImageData second = DataCatalogue.Parse($"{id},images=50,test=20").Load();
        using ImageData other = DataCatalogue.Parse($"{id},images=50,test=20,seed=9").Load();
        Assert.Equal(0, Numeric.Greatest(first.Train.Pixels - second.Train.Pixels));
        Assert.NotEqual(0, Numeric.Greatest(first.Test.Pixels - other.Test.Pixels));
        Assert.Equal((50, 20, Size, Size), (first.Train.Count, first.Test.Count, first.Shape.Height, first.Shape.Width));
        Assert.InRange(Numeric.Greatest(first.Family!.Render(first.Test.Factors!.Points) - first.Test.Pixels), 0, 1e-6);
        Assert.Equal(first.Family.Manifold.Id, first.Test.Factors.Manifold.Id);
        Assert.NotNull(first.Train.RenewedFrom);
        using ImageData unchanging = DataCatalogue.Parse($"{id},images=50,test=20,fixed").Load();
        Assert.Null(unchanging.Train.RenewedFrom);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_turntable_looks_nearly_the_same_after_a_turn_by_its_order_and_exactly_so_after_a_full_one(int order)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(4);
        var solid = Solid.OnTurntable(order, 16, generator);
        Tensor View(double angle) => solid.Render(FlatTorus.FromAngles(torch.tensor(new[] { angle }).unsqueeze(0)));
        double From(double angle) => (View(angle) - View(0.7)).norm().ToDouble();
        double turn = 2 * Math.PI / order, near = From(0.7 + turn), far = From(0.7 + (turn / 2));
        // One blob of each group is a fifth brighter, so that a turn changes two of them by a fifth at most.
        Assert.InRange(near, 1e-3, 0.4 * far);
        Assert.InRange(From(0.7 + (2 * Math.PI)), 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Different_factors_have_different_images(string id)
    {
        using ImageData data = DataCatalogue.Parse($"{id},images=400,test=10").Load();
        var manifold = (IMetricManifold)data.Family!.Manifold;
        Tensor points = data.Train.Factors!.Points, pixels = data.Train.Pixels;
        Tensor distances = manifold.Distance(points.unsqueeze(1), points).squeeze(-1);
        Tensor apart = torch.cdist(pixels, pixels);
        // Where factors are a quarter of the diameter apart, images differ by more than one percent of the
        // greatest difference of images.
        double least = apart.masked_fill(distances.lt(0.25 * manifold.Diameter), float.PositiveInfinity).min().ToDouble();
        Assert.True(least > 0.01 * apart.max().ToDouble(),
            $"images of far factors only {least} apart, of at most {apart.max().ToDouble()}");
    }

    [Fact]
    public void A_rod_looks_the_same_turned_end_to_end_and_a_solid_of_revolution_does_not()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(2);
        Tensor axes = new Sphere(2).SampleUniform(20, generator);
        Assert.InRange(Numeric.Greatest(Solid.Rod(Size).Render(axes) - Solid.Rod(Size).Render(-axes)), 0, 1e-6);
        Assert.True((Solid.OfRevolution(Size).Render(axes) - Solid.OfRevolution(Size).Render(-axes)).abs().amax([1]).min()
            .ToDouble() > 0.05);
    }

    [Fact]
    public void A_turn_about_the_line_of_sight_turns_the_picture()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(2);
        Tensor rotations = new RotationGroup().SampleUniform(20, generator, ScalarType.Float64);
        Tensor quarter = torch.tensor(new double[,] { { 0, -1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } });
        Tensor turned = quarter.matmul(rotations.view(-1, 3, 3)).view(-1, 9);
        Solid solid = Solid.WithoutSymmetry(Size);
        Assert.InRange(Numeric.Greatest(
            solid.Render(turned).view(-1, Size, Size) - torch.rot90(solid.Render(rotations).view(-1, Size, Size), 1, (1, 2))), 0, 1e-12);
    }

    [Theory]
    [InlineData("fourier:size=16")]
    [InlineData("fourier:4,0.6,size=16")]
    [InlineData("circle:3,0.6,size=16")]
    public void No_difference_quotient_exceeds_the_Lipschitz_constant_and_some_come_near_it(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse($"{id},images=1,test=1").Load();
        using var generator = new Generator(5);
        int circles = data.Family!.Manifold.Dimension;
        Tensor angles = torch.rand([3000, circles], ScalarType.Float64, generator: generator) * 6;
        Tensor steps = torch.randn(angles.shape, ScalarType.Float64, generator: generator) * 1e-4;
        Tensor difference = data.Family.Render(FlatTorus.FromAngles(angles + steps)) - data.Family.Render(FlatTorus.FromAngles(angles));
        double greatest = (difference.norm(1) / steps.norm(1)).max().ToDouble();
        Assert.InRange(greatest, 0.99 * data.Family.LipschitzConstant!.Value, data.Family.LipschitzConstant.Value * (1 + 1e-6));
    }

    [Theory]
    [InlineData("fourier:4", "takes N,gamma")]
    [InlineData("fourier:4,0.5,1", "takes N,gamma")]
    [InlineData("fourier:0,0.5", "N is '0'")]
    [InlineData("fourier:32,0.5", "less than half the 64 pixels")]
    [InlineData("fourier:4,1.5", "gamma is '1.5'")]
    [InlineData("fourier:size=3", "'size=3' must be a whole number from 4")]
    [InlineData("fourier:sized=3", "'sized=3' is not one of")]
    [InlineData("circle:images=0", "'images=0' must be")]
    [InlineData("rotations:cube", "takes one of solid, revolution, rod")]
    [InlineData("rotations:", "is not one of")]
    public void Wrong_arguments_are_refused_with_the_rule(string id, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => DataCatalogue.Parse(id)).Message, StringComparison.Ordinal);
}
