using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>The colours of labels: one for each digit, the same in every figure.</summary>
internal static class LabelColours
{
    /// <summary>
    /// Ten colours that stand out on white, chosen so that the two most alike are as different as can be,
    /// also as seen by people who lack one of the three kinds of cones; digits that look alike have colours
    /// that do not.
    /// </summary>
    private static readonly SKColor[] Ten =
    [
        .. new uint[] { 0x1f85ef, 0x0c03f6, 0x608038, 0x800510, 0x7f01a7, 0x9ec3df, 0x114c61, 0x3fdd93, 0xb76a99, 0xf39c06 }
            .Select(rgb => new SKColor(0xff000000 | rgb)),
    ];

    /// <summary>The colour of a label; those ten apart share one.</summary>
    public static SKColor Of(long label) => Ten[((label % Ten.Length) + Ten.Length) % Ten.Length];
}
