namespace DiffusionVae.Data;

/// <summary>What the samples of a pixel are; the numbers are those of the format.</summary>
internal enum PngColour : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
