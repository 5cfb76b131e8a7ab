using System.Globalization;
using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Cli.Configuration;

/// <summary>
/// Reads and shows values in the invariant culture. Readers throw a <see cref="FormatException"/> whose
/// message is what the option takes.
/// </summary>
internal static class ValueText
{
    /// <summary>The word for no bounds of log t.</summary>
    public const string Free = "free";

    public static int Int32(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException("a whole number");

    public static long Int64(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException("a whole number");

    public static double Float64(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new FormatException("a number, with a point for decimals");

    public static double Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 1e9
            ? value
            : throw new FormatException("a number of seconds, 0 or more");

    public static string Any(string text) => text.Length > 0 ? text : throw new FormatException("a text that is not empty");

    public static IReadOnlyList<int> Widths(string text)
    {
        try
        {
            return [.. text.Split(',').Select(Int32)];
        }
        catch (FormatException)
        {
            throw new FormatException("whole numbers joined by commas, such as 512,512");
        }
    }

    public static LogTimeBounds? Bounds(string text)
    {
        if (text == Free)
        {
            return null;
        }
        try
        {
            return text.Split(',') is [string lower, string upper]
                ? new LogTimeBounds(Float64(lower), Float64(upper))
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new FormatException($"two numbers joined by a comma, such as -8.75,-3.75, or {Free}");
        }
    }

    public static T Choice<T>(string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (Show(value) == text)
            {
                return value;
            }
        }
        string[] names = Names<T>();
        throw new FormatException($"one of {string.Join(", ", names)}{Hint(Suggestion.Nearest(text, names))}");
    }

    public static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => Show(value))];

    public static string Show(object? value) => value switch
    {
        null => "",
        bool or Enum => value.ToString()!.ToLowerInvariant(),
        LogTimeBounds bounds => FormattableString.Invariant($"{bounds.Lower},{bounds.Upper}"),
        IEnumerable<int> widths => string.Join(',', widths.Select(width => width.ToString(CultureInfo.InvariantCulture))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Hint(string? nearest) => nearest is null ? "" : $" (did you mean {nearest}?)";
}
