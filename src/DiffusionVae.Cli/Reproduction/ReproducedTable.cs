using System.Globalization;
using DiffusionVae.Cli.Output;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// A table of the paper, with our results beside the published ones, as text, Markdown and CSV.
/// </summary>
internal sealed class ReproducedTable
{
    private readonly PaperTable paper;
    private readonly ReproducedRow[] rows;
    private readonly string[] notes;
    private readonly bool hasTopology;

    /// <summary>Collects the results of the runs that are done.</summary>
    /// <param name="paper">The published table.</param>
    /// <param name="runs">All runs of the table, done or not.</param>
    /// <param name="effort">How the likelihood is estimated.</param>
    public ReproducedTable(PaperTable paper, IReadOnlyList<PlannedRun> runs, ImportanceOptions effort)
    {
        this.paper = paper;
        bool isPublished = runs[0].Config.Data == paper.Data;
        rows =
        [
            .. runs.GroupBy(run => run.Config.Manifold)
                .Select(group => ReproducedRow.From(isPublished ? paper.Row(group.Key) : null, group))
                .Where(row => row.Runs.Count > 0),
        ];
        notes = [.. new ReproducedNotes(rows, runs, effort).Lines()];
        hasTopology = rows.Any(row => row.HasTopology);
    }

    /// <summary>
    /// Writes <c>TABLE.txt</c>, <c>TABLE.md</c> and <c>TABLE.csv</c> into a folder, and the text to a writer.
    /// </summary>
    public void Write(TextWriter output, string folder)
    {
        string text = Text();
        string path = Path.Combine(folder, paper.Name);
        AtomicFile.WriteText(path + ".txt", text);
        AtomicFile.WriteText(path + ".md", Markdown());
        AtomicFile.Write(path + ".csv", stream => ReproducedCsv.Write(stream, rows));
        output.Write(text);
    }

    private string Text()
    {
        var text = new StringWriter { NewLine = "\n" };
        text.WriteLine(paper.Title);
        text.WriteLine();
        TextTable.Write(text, Header(), Lines());
        text.WriteLine();
        foreach (string note in notes)
        {
            text.WriteLine(note);
        }
        return text.ToString();
    }

    private string Markdown()
    {
        string[] header = Header();
        string table = string.Concat(Lines().Prepend([.. header.Select(_ => "---")]).Prepend(header).Select(Line));
        return $"# {paper.Title}\n\n{table}\n{string.Concat(notes.Select(note => $"- {note}\n"))}";

        static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |\n";
    }

    private string[] Header() => Cells(
        ["latent space", "", "runs", "ELBO", "KL", "MSE x 100", "LL, importance", "(effective samples)", "LL, quadrature"],
        ["below the limit", "captured"]);

    private IEnumerable<string[]> Lines()
    {
        foreach (ReproducedRow row in rows)
        {
            yield return Ours(row);
            if (row.Paper is { } published)
            {
                yield return Published(published.Correction is null ? "paper" : "paper, corrected", published.Corrected);
                if (published.Correction is not null)
                {
                    yield return Published("paper, as printed", published);
                }
            }
        }
    }

    private string[] Ours(ReproducedRow row) => Cells(
        [
            row.Manifold,
            "ours",
            Invariant($"{row.Runs.Count}"),
            Show(row.Elbo),
            Show(row.Kl),
            Show(row.Mse),
            Show(row.Importance),
            Show(row.EffectiveSampleSize, 1),
            Show(row.Quadrature),
        ],
        [Show(row.BelowLimit), row.Captured is { } captured ? Invariant($"{captured} of {row.Runs.Count}") : "-"]);

    private string[] Published(string name, PaperRow row) => Cells(
        ["", name, "10", Show(row.Elbo), Show(row.Kl), Show(row.Mse), Show(row.LogLikelihood), "", ""],
        ["", ""]);

    private string[] Cells(string[] cells, string[] ofTopology) => hasTopology ? [.. cells, .. ofTopology] : cells;

    private static string Show(MeanAndDeviation? result, int digits = 2)
    {
        if (result is not { } value)
        {
            return "-";
        }
        string mean = Rounded(value.Mean);
        return double.IsNaN(value.Deviation) ? mean : $"{mean} ± {Rounded(value.Deviation)}";

        string Rounded(double number) => number.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
