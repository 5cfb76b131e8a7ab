using System.Globalization;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Figures;

/// <summary>The marks of an axis.</summary>
internal static class Ticks
{
    private const int About = 5;

    /// <summary>
    /// The marks of an axis of a chart: in multiples of π where its ends are joined, else round numbers.
    /// </summary>
    /// <param name="axis">The axis.</param>
    /// <param name="low">Where it starts.</param>
    /// <param name="high">Where it ends.</param>
    public static IReadOnlyList<(double Value, string Label)> Of(ChartAxis axis, double low, double high) =>
        axis.IsPeriodic || axis.IsTwisted ? Turn(low, high) : Round(low, high);

    /// <summary>A few round numbers between two.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="leastStep">The least step from one to the next.</param>
    public static IReadOnlyList<(double Value, string Label)> Round(double low, double high, double leastStep = 0)
    {
        double rough = Math.Max((high - low) / About, leastStep);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        int digits = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        long first = (long)Math.Ceiling((low / step) - 1e-9), last = (long)Math.Floor((high / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => ((first + i) * step, Text((first + i) * step, digits)))];
    }

    /// <summary>Both ends and the middle of an axis that is as long as a circle: in multiples of π.</summary>
    public static IReadOnlyList<(double Value, string Label)> Turn(double low, double high) =>
        [(low, Multiple(low)), ((low + high) / 2, "0"), (high, Multiple(high))];

    private static string Multiple(double value)
    {
        string factor = Text(Math.Abs(value) / Math.PI, 2).TrimEnd('0').TrimEnd('.');
        return (value < 0 ? "\u2212" : "") + (factor == "1" ? "" : factor) + "\u03c0";
    }

    private static string Text(double value, int digits)
    {
        string text = value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? "\u2212" + text[1..] : text;
    }
}
