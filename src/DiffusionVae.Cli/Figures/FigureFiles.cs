namespace DiffusionVae.Cli.Figures;

/// <summary>Where a figure was written, and what it shows.</summary>
internal sealed record FigureFiles(string Png, string Svg, string Caption);
