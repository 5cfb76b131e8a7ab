using DiffusionVae.Data;

namespace DiffusionVae.Cli.Output;

/// <summary>
/// How observations are drawn: grey images and images in colour pixel by pixel, vectors as a row of bars, one
/// for each feature, from zero to its value.
/// </summary>
/// <param name="shape">The shape of the observations.</param>
/// <param name="range">The values shown as black and as white, or by the lowest and the highest bar.</param>
internal sealed class ObservationPicture(ObservationShape shape, (float Black, float White) range)
{
    private const int BarsHeight = 48;
    private const int BarsWidth = 96;
    private const byte White = 255, ZeroLine = 200;
    private static readonly byte[] BarColour = [70, 130, 180];

    /// <summary>Rows of pixels.</summary>
    public int Height => shape.IsImage ? shape.Height : BarsHeight;

    /// <summary>Columns of pixels.</summary>
    public int Width => shape.IsImage ? shape.Width : shape.Size * BarWidth;

    /// <summary>Bytes of a pixel: 1 for grey, 3 for red, green and blue.</summary>
    public int Channels => shape.IsImage ? shape.Channels : 3;

    private int BarWidth => Math.Max(1, BarsWidth / shape.Size);

    /// <summary>The values to show as black and white: 0 and the greatest (at least 1), or symmetric about 0
    /// if there are negative ones. For vectors the least and the greatest, and 0.</summary>
    public static (float Black, float White) RangeOf(IEnumerable<float[]> observations, ObservationShape shape)
    {
        float least = 0, greatest = 0;
        foreach (float value in observations.SelectMany(observation => observation))
        {
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }
        if (!shape.IsImage)
        {
            return (least, greatest > least ? greatest : least + 1);
        }
        float largest = Math.Max(greatest, -least);
        return least < 0 ? (-largest, largest) : (0, Math.Max(1, greatest));
    }

    /// <summary>The pixels of an observation, row by row.</summary>
    public byte[] Draw(float[] values)
    {
        if (!shape.IsImage)
        {
            return Bars(values);
        }
        int pixels = shape.Height * shape.Width;
        byte[] drawn = new byte[pixels * Channels];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = (byte)Math.Round(255 * Share(values[((i % Channels) * pixels) + (i / Channels)]));
        }
        return drawn;
    }

    private byte[] Bars(float[] values)
    {
        byte[] drawn = new byte[Height * Width * 3];
        Array.Fill(drawn, White);
        int zero = Row(0);
        drawn.AsSpan(zero * Width * 3, Width * 3).Fill(ZeroLine);
        for (int feature = 0; feature < values.Length; feature++)
        {
            int end = Row(values[feature]);
            for (int y = Math.Min(zero, end); y <= Math.Max(zero, end); y++)
            {
                for (int x = feature * BarWidth; x < (feature * BarWidth) + Math.Max(1, BarWidth - 1); x++)
                {
                    BarColour.CopyTo(drawn, ((y * Width) + x) * 3);
                }
            }
        }
        return drawn;
    }

    private int Row(float value) => (int)Math.Round((1 - Share(value)) * (BarsHeight - 1));

    private float Share(float value) => Math.Clamp((value - range.Black) / (range.White - range.Black), 0, 1);
}
