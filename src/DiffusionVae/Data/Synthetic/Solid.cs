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
        IClosedManifold manifold, string factor, Func<Tensor, Tensor, Tensor> turn, int size, double[,] places, double[] amplitudes)
        : base(manifold, ObservationShape.Image(size, size)) =>
        (FactorNames, this.turn, this.places, this.amplitudes) = ([factor], turn, places, amplitudes);

    /// <inheritdoc/>
    public override IReadOnlyList<string> FactorNames { get; }

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
