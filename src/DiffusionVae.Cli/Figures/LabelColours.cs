using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>The colours of labels: one for each digit, the same in every figure.</summary>
internal static class LabelColours
{
    /// <summary>Ten colours told apart also by people who see colours differently (Petroff 2021, arXiv:2107.02270).</summary>
    private static readonly SKColor[] Ten =
        [.. new uint[] { 0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd }.Select(rgb => new SKColor(0xff000000 | rgb))];

    /// <summary>The colour of a label; those ten apart share one.</summary>
    public static SKColor Of(long label) => Ten[((label % Ten.Length) + Ten.Length) % Ten.Length];
}
