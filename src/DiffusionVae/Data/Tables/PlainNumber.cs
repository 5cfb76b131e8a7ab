using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>
/// Numbers as programs write them: digits with a point for decimals and an exponent. Anything else is no
/// number. Separators of thousands are not skipped: they would make 25 of a quarter that is written 0,25.
/// </summary>
internal static class PlainNumber
{
    private const NumberStyles Style = NumberStyles.Float;

    /// <summary>Reads a number that may be NaN or infinite.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text, Style, CultureInfo.InvariantCulture, out number);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out double)"/>
    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, Style, CultureInfo.InvariantCulture, out number);

    /// <summary>Why a text is no number, and what to do.</summary>
    public static string Advice(string text) => text.Trim() switch
    {
        "" or "-" or "NA" or "N/A" or "null" or "?" => "a missing value; fill it in or leave the row out",
        var other when other.Contains(' ') => "separate columns by commas (numpy.savetxt with delimiter=',')",
        var other when other.Contains(',') => "write numbers with a point for decimals, and without separators of thousands",
        var other when TryParse(other, out double number) && !double.IsFinite(number) => "only finite numbers are allowed",
        _ => "write numbers with a point for decimals",
    };
}
