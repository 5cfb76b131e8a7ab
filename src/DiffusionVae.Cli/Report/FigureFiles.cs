namespace DiffusionVae.Reports;

/// <summary>A figure that was written.</summary>
/// <param name="Png">The path of the picture.</param>
/// <param name="Svg">The path of the drawing.</param>
/// <param name="Caption">What the figure shows, in a sentence or two.</param>
public sealed record FigureFiles(string Png, string Svg, string Caption);
