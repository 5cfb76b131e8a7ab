using System.Globalization;
using CsvHelper;

namespace DiffusionVae.Data;

/// <summary>The layout of tables: the same on every system and in every culture.</summary>
internal static class CsvFormat
{
    public static CsvWriterOptions Writing { get; } =
        CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    /// <summary>Nothing is guessed: quotes that do not pair are an error. <see cref="CsvTable"/> checks the
    /// rest.</summary>
    public static CsvReaderOptions Reading { get; } = CsvReaderOptions.Default with
    {
        FormatProvider = CultureInfo.InvariantCulture,
        HasHeader = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = 1 << 28,
        TrackLineNumbers = true,
    };
}
