using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>A curve of a plot.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Points">From left to right, at least one.</param>
internal sealed record Curve(string Name, SKColor Colour, IReadOnlyList<(double X, double Y)> Points);
