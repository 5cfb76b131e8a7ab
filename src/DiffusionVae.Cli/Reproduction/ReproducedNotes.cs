using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>The notes below a <see cref="ReproducedTable"/>.</summary>
internal sealed class ReproducedNotes(IReadOnlyList<ReproducedRow> rows, IReadOnlyList<PlannedRun> planned, ImportanceOptions effort)
{
    private readonly RunRecord[] done = [.. rows.SelectMany(row => row.Runs)];

    public IEnumerable<string> Lines() =>
        [Numbers(), .. Corrections(), .. Posteriors(), .. Quadratures(), .. Topology(), .. Missing(), Protocol(), .. Cost()];

    private string Numbers()
    {
        string images = effort.Images is { } count ? Invariant($" of the first {count} images") : "";
        return "Nats per image, MSE per pixel; means and standard deviations over runs. "
            + Invariant($"LL{images} by importance sampling: a lower bound, {effort.Samples} samples for each image; ")
            + "the paper's comes from another formula, which gives no bound.";
    }

    private IEnumerable<string> Corrections() =>
        from row in rows
        where row.Paper?.Correction is not null
        select $"{row.Manifold}, corrected: {row.Paper!.Correction!.Why}.";

    private IEnumerable<string> Posteriors()
    {
        if (rows.Any(row => row.Manifold.StartsWith("euclidean", StringComparison.Ordinal)))
        {
            yield return "euclidean: a Gaussian posterior with a variance for each coordinate, "
                + "a richer family than one time for all directions.";
        }
    }

    private IEnumerable<string> Quadratures() =>
        from row in rows
        where row.QuadratureError > RunRecord.QuadratureTolerance
        select Invariant($"{row.Manifold}: the quadrature did not converge; ")
            + Invariant($"its last two grids differ by up to {row.QuadratureError:0.00} nats on average.");

    private IEnumerable<string> Topology()
    {
        if (rows.Any(row => row.HasTopology))
        {
            yield return "The limit is the log-likelihood of the images under their own distribution. "
                + "Captured: the encoder is a homeomorphism, as far as can be seen.";
        }
    }

    private IEnumerable<string> Missing()
    {
        int missing = planned.Count - done.Length;
        if (missing > 0)
        {
            yield return Invariant($"{missing} of {planned.Count} runs are not done yet.");
        }
    }

    private string Protocol()
    {
        RunConfig first = planned[0].Config;
        long last = planned.Max(run => run.Config.Training.Seed);
        string starts = first.Restarts > 1 ? Invariant($", each the best of {first.Restarts} starts") : "";
        return Invariant($"Data {first.Data}, {first.Training.Epochs} epochs of batches of {first.Training.BatchSize}, ")
            + Invariant($"seeds {first.Training.Seed} to {last}{starts}; the rest is in protocol.json.");
    }

    private IEnumerable<string> Cost()
    {
        if (done.Length > 0)
        {
            string trials = planned[0].Config.Restarts > 1 ? ", trials of starts not counted" : "";
            yield return $"Made with {string.Join(" or ", done.Select(run => Versions(run.Versions)).Distinct())}.";
            yield return Invariant($"Time: {done.Average(run => run.Seconds) / 60:0.0} minutes a run on one thread, ")
                + Invariant($"{done.Sum(run => run.Seconds) / 3600:0.0} hours in all{trials}.");
        }
    }

    private static string Versions(IReadOnlyDictionary<string, string>? versions) => versions is null
        ? "unknown versions"
        : string.Join(", ", versions.Select(entry => $"{entry.Key} {entry.Value}"));
}
