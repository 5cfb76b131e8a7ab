using System.Globalization;
using CsvHelper;
using DiffusionVae.Cli.Output;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>A table of the paper, ours beside the published one, as text, Markdown and CSV.</summary>
internal sealed class ReproducedTable
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

    private readonly PaperTable paper;
    private readonly IReadOnlyList<PlannedRun> cells;
    private readonly ImportanceOptions effort;
    private readonly ReproducedRow[] rows;

    /// <summary>Takes the runs that are done.</summary>
    public ReproducedTable(PaperTable paper, IReadOnlyList<PlannedRun> cells, ImportanceOptions effort)
    {
        (this.paper, this.cells, this.effort) = (paper, cells, effort);
        rows =
        [
            .. cells.GroupBy(cell => cell.Config.Manifold)
                .Select(runs => new ReproducedRow(runs.Key, cells[0].Config.Data == paper.Data ? paper.Row(runs.Key) : null, [.. runs.Select(cell => cell.Read()).OfType<RunRecord>()]))
                .Where(row => row.Runs.Count > 0),
        ];
    }

    private bool HasTopology => rows.Any(row => row.BelowLimit is not null);

    /// <summary>Writes <c>TABLE.txt</c>, <c>TABLE.md</c> and <c>TABLE.csv</c> into a folder, and the text to people.</summary>
    public void Write(TextWriter output, string folder)
    {
        string text = Text();
        string path = Path.Combine(folder, paper.Name);
        AtomicFile.WriteText(path + ".txt", text);
        AtomicFile.WriteText(path + ".md", Markdown());
        AtomicFile.Write(path + ".csv", WriteCsv);
        output.Write(text);
    }

    private string Text()
    {
        var text = new StringWriter { NewLine = "\n" };
        text.WriteLine(paper.Title);
        text.WriteLine();
        TextTable.Write(text, Header(), Lines());
        text.WriteLine();
        foreach (string note in Notes())
        {
            text.WriteLine(note);
        }
        return text.ToString();
    }

    private string Markdown()
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
        string[] header = Header();
        return $"# {paper.Title}\n\n{Line(header)}{Line(header.Select(_ => "---"))}{string.Concat(Lines().Select(Line))}\n{string.Concat(Notes().Select(note => $"- {note}\n"))}";
    }

    private void WriteCsv(Stream stream)
    {
        using var csv = CsvWriter.Create(stream, CsvFormat.Writing, leaveOpen: true);
        csv.WriteRecord(["manifold", "runs", .. Columns.SelectMany(column => new[] { column.Name, column.Name + "_sd" }), "captured", "seconds_per_run"]);
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
            csv.WriteField(Field(row.Runs.Average(Seconds)));
            csv.EndRecord();
        }
    }

    private static string Field(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private string[] Header() =>
    [
        "latent space", "", "runs", "ELBO", "KL", "MSE x 100", "LL, importance", "(effective samples)", "LL, quadrature", .. HasTopology ? ["below the limit", "captured"] : Array.Empty<string>(),
    ];

    private IEnumerable<string[]> Lines()
    {
        string[] nothing = HasTopology ? ["", ""] : [];
        foreach (ReproducedRow row in rows)
        {
            string[] topology = HasTopology ? [Show(row.BelowLimit), row.Captured is { } captured ? Invariant($"{captured} of {row.Runs.Count}") : "-"] : [];
            yield return
            [
                row.Manifold, "ours", Invariant($"{row.Runs.Count}"), Show(row.Elbo), Show(row.Kl), Show(row.Mse), Show(row.Importance), Show(row.EffectiveSampleSize, 1), Show(row.Quadrature), .. topology,
            ];
            if (row.Paper is { } paper)
            {
                yield return [.. Published(paper.Correction is null ? "paper" : "paper, corrected", paper.Corrected), .. nothing];
                if (paper.Correction is not null)
                {
                    yield return [.. Published("paper, as printed", paper), .. nothing];
                }
            }
        }
    }

    private static string[] Published(string name, PaperRow row) => ["", name, "10", Show(row.Elbo), Show(row.Kl), Show(row.Mse), Show(row.LogLikelihood), "", ""];

    private static string Show(MeanAndDeviation? spread, int digits = 2)
    {
        if (spread is not { } value)
        {
            return "-";
        }
        string mean = value.Mean.ToString($"F{digits}", CultureInfo.InvariantCulture);
        return double.IsNaN(value.Deviation) ? mean : $"{mean} ± {value.Deviation.ToString($"F{digits}", CultureInfo.InvariantCulture)}";
    }

    private IEnumerable<string> Notes()
    {
        RunConfig first = cells[0].Config;
        RunRecord[] runs = [.. rows.SelectMany(row => row.Runs)];
        yield return Invariant($"Nats per image, MSE per pixel; means and standard deviations over runs. LL{Images(effort.Images)} by importance sampling: a lower bound, {effort.Samples} samples for each image; the paper's is by another formula that is none.");
        foreach (ReproducedRow row in rows.Where(row => row.Paper?.Correction is not null))
        {
            yield return $"{row.Manifold}, corrected: {row.Paper!.Correction!.Why}.";
        }
        if (rows.Any(row => row.Manifold.StartsWith("euclidean", StringComparison.Ordinal)))
        {
            yield return "euclidean: a Gaussian posterior with a variance for each coordinate, a richer family than one time for all directions.";
        }
        foreach (ReproducedRow row in rows.Where(row => row.QuadratureError > RunRecord.QuadratureTolerance))
        {
            yield return Invariant($"{row.Manifold}: the quadrature did not converge; its last two grids differ by up to {row.QuadratureError:0.00} nats on average.");
        }
        if (HasTopology)
        {
            yield return "The limit is the log-likelihood of the images under their own distribution. Captured: the encoder is a homeomorphism, as far as can be seen.";
        }
        int missing = cells.Count - runs.Length;
        if (missing > 0)
        {
            yield return Invariant($"{missing} of {cells.Count} runs are not done yet.");
        }
        string starts = first.Restarts > 1 ? Invariant($", each the best of {first.Restarts} starts") : "";
        yield return Invariant($"Data {first.Data}, {first.Training.Epochs} epochs of batches of {first.Training.BatchSize}, seeds {first.Training.Seed} to {cells.Max(cell => cell.Config.Training.Seed)}{starts}; the rest is in protocol.json.");
        if (runs.Length > 0)
        {
            yield return $"Made with {string.Join(" or ", runs.Select(run => Versions(run.Versions)).Distinct())}.";
            yield return Invariant($"Time: {runs.Average(Seconds) / 60:0.0} minutes a run on one thread, {runs.Sum(Seconds) / 3600:0.0} hours in all{(starts.Length > 0 ? ", trials of starts not counted" : "")}.");
        }
    }

    private static string Images(long? some) => some is { } count ? Invariant($" of the first {count} images") : "";

    private static double Seconds(RunRecord run) => run.TrainingSeconds + run.JudgingSeconds;

    private static string Versions(IReadOnlyDictionary<string, string>? versions) => versions is null ? "unknown versions" : string.Join(", ", versions.Select(entry => $"{entry.Key} {entry.Value}"));
}
