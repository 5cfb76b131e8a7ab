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

    /// <summary>Median seconds of several things done by turns; the first turn warms up.</summary>
    public static double[] ByTurns(int turns, params Func<double>[] things)
    {
        List<double>[] times = [.. things.Select(_ => new List<double>())];
        for (int turn = 0; turn <= turns; turn++)
        {
            for (int i = 0; i < things.Length; i++)
            {
                double seconds = things[i]();
                if (turn > 0)
                {
                    times[i].Add(seconds);
                }
            }
        }
        return [.. times.Select(Median)];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
