using System.Globalization;
using CsvHelper;
using DiffusionVae.Data;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>The rows of a <see cref="ReproducedTable"/> as CSV.</summary>
internal static class ReproducedCsv
{
    private static readonly (string Name, Func<ReproducedRow, MeanAndDeviation?> Value)[] Columns =
    [
        ("elbo", row => row.Elbo),
        ("kl", row => row.Kl),
        ("mse_x100", row => row.Mse),
        ("ll_importance", row => row.Importance),
        ("effective_sample_size", row => row.EffectiveSampleSize),
        ("ll_quadrature", row => row.Quadrature),
        ("below_limit", row => row.BelowLimit),
        ("paper_elbo", row => row.Paper?.Elbo),
        ("paper_elbo_corrected", row => row.Paper?.Corrected.Elbo),
        ("paper_kl", row => row.Paper?.Kl),
        ("paper_kl_corrected", row => row.Paper?.Corrected.Kl),
        ("paper_mse_x100", row => row.Paper?.Mse),
        ("paper_ll", row => row.Paper?.LogLikelihood),
        ("paper_ll_corrected", row => row.Paper?.Corrected.LogLikelihood),
    ];

    /// <summary>Writes a row for each latent space.</summary>
    public static void Write(Stream stream, IEnumerable<ReproducedRow> rows)
    {
        using var csv = CsvWriter.Create(stream, CsvFormat.Writing, leaveOpen: true);
        IEnumerable<string> names = Columns.SelectMany(column => new[] { column.Name, column.Name + "_sd" });
        csv.WriteRecord(["manifold", "runs", .. names, "captured", "seconds_per_run"]);
        foreach (ReproducedRow row in rows)
        {
            csv.WriteField(row.Manifold);
            csv.WriteField(row.Runs.Count);
            foreach ((_, Func<ReproducedRow, MeanAndDeviation?> value) in Columns)
            {
                csv.WriteField(Field(value(row)?.Mean));
                csv.WriteField(Field(value(row)?.Deviation));
            }
            csv.WriteField(Field(row.Captured));
            csv.WriteField(Field(row.Runs.Average(run => run.Seconds)));
            csv.EndRecord();
        }
    }

    private static string Field(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
