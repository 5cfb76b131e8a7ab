using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.UserDefined;

/// <summary>
/// A sphere under twelve lamps, one for each pixel: pixel i is exp(p·c_i - 1), and so is greatest where the
/// point p is under lamp i.
/// </summary>
internal sealed class Lamps() : ImageFamily(new Sphere(2), ObservationShape.Image(3, 4))
{
    /// <summary>Directions of a golden spiral, [3, 12].</summary>
    public static Tensor Directions()
    {
        Tensor k = arange(12, ScalarType.Float32), height = ((k + 0.5) / 6) - 1, radius = (1 - (height * height)).sqrt();
        Tensor angle = k * (Math.PI * (3 - Math.Sqrt(5)));
        return stack([radius * angle.cos(), radius * angle.sin(), height]);
    }

    public override IReadOnlyList<string> FactorNames => ["direction"];

    public override Tensor Render(Tensor points)
    {
        using var scope = NewDisposeScope();
        return (points.matmul(Directions().to(points.dtype, points.device)) - 1).exp().MoveToOuterDisposeScope();
    }
}
