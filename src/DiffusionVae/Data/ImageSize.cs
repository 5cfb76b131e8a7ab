namespace DiffusionVae.Data;

/// <summary>The size of an image.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>The number of pixels.</summary>
    public int Pixels => Height * Width;
}
