using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// Images as a page shows them: where they lie in the latent space, and their pixels in 256 shades.
/// </summary>
/// <remarks>The tensor belongs to the caller's dispose scope.</remarks>
internal sealed class LatentImages
{
    private LatentImages(Tensor points, byte[] shades, (float Black, float White) range) =>
        (Points, Pixels, Range) = (points, shades, range);

    /// <summary>The points, [images, n].</summary>
    public Tensor Points { get; }

    /// <summary>The shades, pixel by pixel, image by image.</summary>
    public byte[] Pixels { get; }

    /// <summary>The values that are the first and the last shade.</summary>
    public (float Black, float White) Range { get; }

    /// <summary>Encodes images.</summary>
    public static LatentImages Create(Run run, ImageSet images)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor points = run.Encode(images).Mean;
        (float Black, float White) range = ObservationPicture.RangeOf(
            [[images.Pixels.min().item<float>(), images.Pixels.max().item<float>()]], images.Shape);
        return new LatentImages(points.MoveToOuterDisposeScope(), Shades(images.Pixels, range), range);
    }

    /// <summary>The shades of values.</summary>
    public static byte[] Shades(Tensor values, (float Black, float White) range)
    {
        using var scope = NewDisposeScope();
        Tensor shades = ((values - range.Black) * (255 / (range.White - range.Black))).clamp(0, 255).round().to(ScalarType.Byte);
        return shades.cpu().contiguous().data<byte>().ToArray();
    }
}
