using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>The colour space OKLab (Ottosson 2020), in which equal distances look about equally different.</summary>
internal static class OkLab
{
    /// <summary>Linear light, red, green and blue, of colours.</summary>
    /// <param name="lab">[count, 3]: lightness L from 0 to 1, a (green to red), b (blue to yellow).</param>
    /// <returns>[count, 3]; from 0 to 1 for the colours that a screen can show.</returns>
    public static Tensor ToLinear(Tensor lab)
    {
        using var scope = NewDisposeScope();
        Tensor responses = lab.matmul(tensor(new[,] { { 1, 1, 1 }, { 0.3963377774, -0.1055613458, -0.0894841775 }, { 0.2158037573, -0.0638541728, -1.2914855480 } })).pow(3);
        return responses
            .matmul(tensor(new[,] { { 4.0767416621, -1.2684380046, -0.0041960863 }, { -3.3077115913, 2.6097574011, -0.7034186147 }, { 0.2309699292, -0.3413193965, 1.7076147010 } }))
            .MoveToOuterDisposeScope();
    }

    /// <summary>The colours for a screen (sRGB), the nearest ones where a screen cannot show them.</summary>
    /// <param name="lab">[count, 3].</param>
    public static SKColor[] ToColours(Tensor lab)
    {
        using var scope = NewDisposeScope();
        Tensor linear = ToLinear(lab).clamp(0, 1);
        Tensor encoded = where(linear.le(0.0031308), linear * 12.92, (linear.pow(1 / 2.4) * 1.055) - 0.055);
        byte[] bytes = (encoded * 255).round().to(ScalarType.Byte).cpu().contiguous().data<byte>().ToArray();
        return [.. bytes.Chunk(3).Select(rgb => new SKColor(rgb[0], rgb[1], rgb[2]))];
    }
}
