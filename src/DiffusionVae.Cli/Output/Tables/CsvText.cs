using System.Globalization;
using CsvHelper;

namespace DiffusionVae.Cli.Output;

/// <summary>How tables for other programs are written: the same on every system and in every culture.</summary>
internal static class CsvText
{
    public static CsvWriterOptions Options { get; } = CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };
}
