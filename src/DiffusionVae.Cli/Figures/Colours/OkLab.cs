using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// A colour in the space OKLab (Ottosson 2020), in which equal distances look about equally different.
/// </summary>
/// <param name="L">Lightness, from 0 to 1.</param>
/// <param name="A">From green to red.</param>
/// <param name="B">From blue to yellow.</param>
internal readonly record struct OkLab(double L, double A, double B)
{
    /// <summary>
    /// Linear light of the three primaries of sRGB; from 0 to 1 for the colours that a screen can show.
    /// </summary>
    public (double Red, double Green, double Blue) ToLinear()
    {
        double l = Cube(L + (0.3963377774 * A) + (0.2158037573 * B));
        double m = Cube(L - (0.1055613458 * A) - (0.0638541728 * B));
        double s = Cube(L - (0.0894841775 * A) - (1.2914855480 * B));
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    /// <summary>The colour for a screen, the nearest one where a screen cannot show it.</summary>
    public SKColor ToColour()
    {
        (double red, double green, double blue) = ToLinear();
        return new SKColor(Encoded(red), Encoded(green), Encoded(blue));
    }

    private static double Cube(double x) => x * x * x;

    private static byte Encoded(double light)
    {
        double x = Math.Clamp(light, 0, 1);
        return (byte)Math.Round(255 * (x <= 0.0031308 ? 12.92 * x : (1.055 * Math.Pow(x, 1 / 2.4)) - 0.055));
    }
}
