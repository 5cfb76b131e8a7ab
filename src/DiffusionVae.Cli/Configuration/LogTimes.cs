namespace DiffusionVae.Cli.Configuration;

/// <summary>One log t, or an evenly spaced range of them.</summary>
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
        // A little is added so that 0:1:0.1 ends at 1 though ten tenths are less.
        double count = Math.Floor(((to - from) / step) + 1e-9) + 1;
        return step > 0 && count is >= 1 and <= Most
            ? new LogTimes([.. Enumerable.Range(0, (int)count).Select(i => Math.Round(from + (i * step), 12))], IsRange: true)
            : throw new FormatException(
                FormattableString.Invariant($"a range FROM:TO:STEP with FROM at most TO, STEP above 0 and at most {Most} values"));
    }
}
