using DiffusionVae.Data;
using SkiaSharp;
using TorchSharp;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Reads JPEG images with SkiaSharp, for the library, which does not depend on it.</summary>
internal static class JpegFile
{
    private const int MostPixels = 1 << 24;

    /// <summary>Has data in this format read.</summary>
    public static void Register()
    {
        ImageFolder.Register(".jpg", Read);
        ImageFolder.Register(".jpeg", Read);
    }

    /// <summary>
    /// Reads an image: [height, width] if every pixel is grey, else [3, height, width]; 0 to 1.
    /// </summary>
    /// <exception cref="DataFormatException">
    /// The file is damaged, of another kind, or to be turned.
    /// </exception>
    public static torch.Tensor Read(string path)
    {
        using FileStream file = DataFiles.Open(path);
        using var codec = SKCodec.Create(file);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Jpeg })
        {
            throw new DataFormatException(path, "not a JPEG file, or damaged at its start");
        }
        if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft)
        {
            throw new DataFormatException(
                path, "it is stored turned, and to be turned back when it is shown; turn it for good (mogrify -auto-orient)");
        }
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
        {
            throw new DataFormatException(path, Invariant($"expected an image of at most {MostPixels} pixels, found {height} by {width}"));
        }
        SKCodecResult result = codec.GetPixels(
            new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), out byte[] pixels);
        if (result != SKCodecResult.Success)
        {
            throw new DataFormatException(path, $"damaged or cut short: {result}");
        }
        using var scope = torch.NewDisposeScope();
        torch.Tensor samples = torch.tensor(pixels).view(height, width, 4).narrow(2, 0, 3).permute(2, 0, 1);
        torch.Tensor colours = samples.to(torch.ScalarType.Float32) / byte.MaxValue;
        bool isGrey = samples.eq(samples[..1]).all().item<bool>();
        return (isGrey ? colours[0] : colours).contiguous().MoveToOuterDisposeScope();
    }
}
