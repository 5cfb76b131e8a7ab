using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>Images as a page shows them: where they lie in the latent space, and their pixels in 256 shades.</summary>
/// <param name="Points">The points, coordinate by coordinate, image by image.</param>
/// <param name="Shades">The shades, pixel by pixel, image by image.</param>
/// <param name="Range">The values that are the first and the last shade.</param>
internal sealed record LatentImages(float[] Points, byte[] Shades, (float Black, float White) Range)
{
    public static LatentImages Of(Run run, ImageSet images)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor points = run.Encode(images).Mean;
        (float black, float white) = ImageSheet.RangeOf([[images.Pixels.min().item<float>(), images.Pixels.max().item<float>()]]);
        Tensor shades = ((images.Pixels - black) * (255 / (white - black))).clamp(0, 255).round().to(ScalarType.Byte);
        return new LatentImages(points.contiguous().data<float>().ToArray(), shades.cpu().contiguous().data<byte>().ToArray(), (black, white));
    }
}
