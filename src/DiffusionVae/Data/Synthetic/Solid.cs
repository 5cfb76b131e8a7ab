using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>
/// Images of a solid in every rotation. The solid consists of luminous Gaussian blobs seen from afar; nearer
/// ones are brighter.
/// </summary>
/// <remarks>
/// A blob of amplitude a at the point p contributes a (1 + z/2) exp(-|u - (x, y)|² / 2s²). (x, y, z) is the
/// rotated p, and u a position in the picture, whose sides go from -1.6 to 1.6. Contributions add up and no
/// blob hides another, so images are a smooth function of the rotation. Brightness distinguishes front from
/// back: without it a solid would look like its mirror image in the picture's plane.
/// </remarks>
public sealed class Solid : ImageFamily
{
    private const double HalfWidth = 1.6;
    private const double BlobWidth = 0.25;
    private const double Shading = 0.5;

    private readonly double[,] places;
    private readonly double[] amplitudes;

    /// <summary>
    /// Where the factors, [count, n], take the blobs at given places, [blobs, 3]: [count, blobs, 3].
    /// </summary>
    private readonly Func<Tensor, Tensor, Tensor> turn;

    private Solid(
        IClosedManifold manifold,
        string factor,
        Func<Tensor, Tensor, Tensor> turn,
        int size,
        double[,] places,
        double[] amplitudes,
        string likelihood = "gaussian")
        : base(manifold, ObservationShape.Image(size, size)) =>
        (FactorNames, this.turn, this.places, this.amplitudes, Likelihood) = ([factor], turn, places, amplitudes, likelihood);

    /// <inheritdoc/>
    public override IReadOnlyList<string> FactorNames { get; }

    /// <inheritdoc/>
    public override string Likelihood { get; }

    /// <summary>
    /// Creates a solid without symmetry. Its generative factors are the rotations of space.
    /// </summary>
    /// <param name="size">Rows and columns, at least 1.</param>
    public static Solid WithoutSymmetry(int size) => new(
        new RotationGroup(), "rotation", ByRotations, size,
        new[,] { { 1.0, 0, 0 }, { 0, 0.8, 0 }, { 0, 0, 0.9 }, { -0.6, -0.5, 0.3 }, { 0, 0, 0 } },
        [1, 0.8, 0.6, 0.9, 0.5]);

    /// <summary>
    /// Creates a solid of revolution whose ends differ. Its generative factors are the directions of its
    /// axis, S².
    /// </summary>
    /// <param name="size">Rows and columns, at least 1.</param>
    public static Solid OfRevolution(int size) =>
        new(new Sphere(2), "direction of the axis", AlongAxes, size, Along(1, 0.5, 0, -0.7), [1, 0.8, 0.6, 0.4]);

    /// <summary>
    /// Creates a rod whose ends are equal. Its generative factors are axes without a direction, RP².
    /// </summary>
    /// <param name="size">Rows and columns, at least 1.</param>
    public static Solid Rod(int size) =>
        new(new ProjectiveSpace(2), "direction of the axis", AlongAxes, size, Along(1, 0.5, 0, -0.5, -1), [0.8, 0.8, 0.8, 0.8, 0.8]);

    /// <summary>
    /// Creates a random solid: six blobs at distances 0.5 to 1 from the middle, in uniform directions. Its
    /// generative factors are the rotations of space.
    /// </summary>
    /// <param name="size">Rows and columns, at least 1.</param>
    /// <param name="generator">The random generator, on the CPU.</param>
    public static Solid Random(int size, Generator generator)
    {
        const int blobs = 6;
        using var scope = torch.NewDisposeScope();
        Tensor directions = torch.randn([blobs, 3], ScalarType.Float64, generator: generator);
        double[] radii = Uniform(blobs, 0.5, 1, generator), amplitudes = Uniform(blobs, 0.4, 1, generator);
        double[] at = (UnitVectors.Normalise(directions) * torch.tensor(radii).unsqueeze(-1)).data<double>().ToArray();
        var places = new double[blobs, 3];
        Buffer.BlockCopy(at, 0, places, 0, at.Length * sizeof(double));
        return new Solid(new RotationGroup(), "rotation", ByRotations, size, places, amplitudes);
    }

    /// <summary>
    /// Creates a random solid on a turntable, seen from the side. Its generative factor is the angle of the
    /// table, a circle.
    /// </summary>
    /// <remarks>
    /// The blobs come in four groups at heights -0.9 to 0.9. The blobs of a group are equal and evenly spaced
    /// about the axis, but one is a fifth brighter: without it a turn by 2π/order would change nothing. The
    /// greater the order, the more alike are views that are far apart.
    /// </remarks>
    /// <param name="order">The number of blobs in a group, at least 1; with 1 there is no symmetry.</param>
    /// <param name="size">Rows and columns, at least 1.</param>
    /// <param name="generator">The random generator, on the CPU.</param>
    public static Solid OnTurntable(int order, int size, Generator generator)
    {
        const int groups = 4;
        const double brighter = 1.2;
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        double[] radii = Uniform(groups, 0.5, 1, generator), angles = Uniform(groups, 0, 2 * Math.PI, generator);
        double[] ofGroups = Uniform(groups, 0.5, 1, generator);
        var places = new double[groups * order, 3];
        var amplitudes = new double[groups * order];
        for (int i = 0; i < groups * order; i++)
        {
            (int group, int member) = Math.DivRem(i, order);
            double angle = angles[group] + (2 * Math.PI * member / order);
            (places[i, 0], places[i, 2]) = (radii[group] * Math.Cos(angle), radii[group] * Math.Sin(angle));
            places[i, 1] = -0.9 + (1.8 * group / (groups - 1));
            amplitudes[i] = ofGroups[group] * (member == 0 ? brighter : 1);
        }
        return new Solid(new FlatTorus(1), "angle", AboutVertical, size, places, amplitudes, "gaussian:learned");
    }

    /// <inheritdoc/>
    public override Tensor Render(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        Tensor turned = turn(points, torch.tensor(places, points.dtype, points.device));
        Tensor brightness = (turned.select(-1, 2) * Shading + 1) * torch.tensor(amplitudes, points.dtype, points.device);
        Tensor across = Profile(turned.select(-1, 0), Shape.Width);
        Tensor down = Profile(-turned.select(-1, 1), Shape.Height);
        return (down * brightness.unsqueeze(-1)).transpose(-2, -1).matmul(across).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    private static Tensor ByRotations(Tensor rotations, Tensor at) => at.matmul(rotations.view(-1, 3, 3).transpose(-2, -1));

    private static Tensor AlongAxes(Tensor axes, Tensor at) => axes.unsqueeze(-2) * at.narrow(-1, 2, 1);

    /// <summary>Turns by the angle whose cosine and sine are the factors, about the axis of height.</summary>
    private static Tensor AboutVertical(Tensor angles, Tensor at)
    {
        (Tensor cosine, Tensor sine) = (angles.narrow(-1, 0, 1), angles.narrow(-1, 1, 1)); // [count, 1]
        (Tensor x, Tensor y, Tensor z) = (at.select(-1, 0), at.select(-1, 1), at.select(-1, 2)); // [blobs]
        return torch.stack([(cosine * x) - (sine * z), y.expand(angles.size(0), -1), (sine * x) + (cosine * z)], -1);
    }

    private static double[] Uniform(int count, double least, double most, Generator generator)
    {
        using Tensor draws = torch.rand([count], ScalarType.Float64, generator: generator);
        return [.. draws.data<double>().ToArray().Select(draw => least + ((most - least) * draw))];
    }

    /// <summary>exp(-(u - x)²/2s²) at the middles of pixels, [count, blobs, pixels of a side].</summary>
    private static Tensor Profile(Tensor places, int pixels)
    {
        Tensor middles = (torch.arange(pixels, dtype: places.dtype, device: places.device) + 0.5) * (2 * HalfWidth / pixels) - HalfWidth;
        return (places.unsqueeze(-1) - middles).Squared().mul(-0.5 / (BlobWidth * BlobWidth)).exp();
    }

    private static double[,] Along(params double[] heights)
    {
        var places = new double[heights.Length, 3];
        for (int i = 0; i < heights.Length; i++)
        {
            places[i, 2] = heights[i];
        }
        return places;
    }
}
