using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>The images that a page shows: where they lie in the latent space, and their pixels in 256 shades.</summary>
/// <param name="Count">How many, the first ones.</param>
/// <param name="Points">The points, coordinate by coordinate, image by image.</param>
/// <param name="Pixels">The shades, image by image.</param>
/// <param name="Range">The values that are the first and the last shade.</param>
internal sealed record LatentImages(int Count, float[] Points, byte[] Pixels, (float Black, float White) Range)
{
    private const int Most = 10_000;

    /// <summary>Keeps pages of large images small: ten thousand images of MNIST have 7,840,000 pixels.</summary>
    private const int MostPixels = 8_000_000;

    private const int BatchSize = 1000;

    public static LatentImages Of(Run run, ImageSet images)
    {
        int count = (int)Math.Min(images.Count, Math.Clamp(MostPixels / images.PixelCount, 1, Most));
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor shown = images.Pixels.narrow(0, 0, count);
        Device device = Devices.Parse(run.Config.Device);
        float[] points = [.. shown.split(BatchSize).SelectMany(batch =>
        {
            using var each = NewDisposeScope();
            return run.Model.Encode(batch.to(device)).Mean.cpu().contiguous().data<float>().ToArray();
        })];
        (float black, float white) = ImageSheet.RangeOf([[shown.min().item<float>(), shown.max().item<float>()]]);
        Tensor shades = ((shown - black) * (255 / (white - black))).clamp(0, 255).round().to(ScalarType.Byte);
        return new LatentImages(count, points, shades.contiguous().data<byte>().ToArray(), (black, white));
    }
}
