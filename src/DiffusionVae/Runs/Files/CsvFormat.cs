using System.Globalization;
using CsvHelper;

namespace DiffusionVae.Runs;

/// <summary>The layout of tables: the same on every system and in every culture.</summary>
internal static class CsvFormat
{
    public static CsvWriterOptions Writing { get; } =
        CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    public static CsvReaderOptions Reading { get; } =
        CsvReaderOptions.Default with { FormatProvider = CultureInfo.InvariantCulture, TrackLineNumbers = true };
}
