using DiffusionVae.Cli.Figures;
using DiffusionVae.Training;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

// Code of CONTRIBUTING, for the compiler to see.

/// <summary>How long each epoch took.</summary>
internal static class EpochTimes
{
    /// <param name="epochs">At least one.</param>
    public static Figure Of(IReadOnlyList<EpochMetrics> epochs)
    {
        var seconds = new Curve("", SKColors.SteelBlue, [.. epochs.Select(row => ((double)row.Epoch, row.Seconds))]);
        return new Figure("times", "The wall time of each epoch.", new PlotPanel("epoch", [seconds]).Titled("seconds"));
    }
}
