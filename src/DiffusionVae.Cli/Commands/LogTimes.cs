using DiffusionVae.Cli.Configuration;
using static System.FormattableString;

namespace DiffusionVae.Cli.Commands;

/// <summary>One log t, or an evenly spaced range of values.</summary>
internal sealed record LogTimes(IReadOnlyList<double> Values, bool IsRange)
{
    private const int Most = 100_000;

    /// <summary>Reads <c>X</c> or <c>FROM:TO:STEP</c>.</summary>
    public static LogTimes Parse(string text)
    {
        switch (text.Split(':'))
        {
            case [string only]:
                return new LogTimes([ValueText.Float64(only)], IsRange: false);
            case [string from, string to, string step]:
                return Range(ValueText.Float64(from), ValueText.Float64(to), ValueText.Float64(step));
            default:
                throw new FormatException("a number, or a range FROM:TO:STEP");
        }
    }

    private static LogTimes Range(double from, double to, double step)
    {
        // The small addend makes 0:1:0.1 end at 1, although rounded tenths add up to less.
        double count = Math.Floor(((to - from) / step) + 1e-9) + 1;
        return step > 0 && count is >= 1 and <= Most
            ? new LogTimes([.. Enumerable.Range(0, (int)count).Select(i => Math.Round(from + (i * step), 12))], IsRange: true)
            : throw new FormatException(
                Invariant($"a range FROM:TO:STEP with FROM at most TO, STEP above 0 and at most {Most} values"));
    }
}
