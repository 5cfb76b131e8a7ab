using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>Times and their medians.</summary>
internal static class Timing
{
    /// <summary>Seconds for doing something several times, each in a dispose scope of its own.</summary>
    public static double Seconds(int times, Action action)
    {
        long start = Now();
        for (int i = 0; i < times; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            action();
        }
        return Since(start);
    }

    public static long Now() => Stopwatch.GetTimestamp();

    public static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
