namespace DiffusionVae.Cli.Reproduction;

/// <summary>The results of the runs on one latent space, and those of the paper.</summary>
internal sealed record ReproducedRow(string Manifold, PaperRow? Paper, IReadOnlyList<RunRecord> Runs)
{
    /// <summary>Collects the results of the planned runs that are done.</summary>
    public static ReproducedRow From(PaperRow? paper, IGrouping<string, PlannedRun> planned) =>
        new(planned.Key, paper, [.. planned.Select(run => run.Read()).OfType<RunRecord>()]);

    public MeanAndDeviation Elbo => Over(run => run.Elbo);

    public MeanAndDeviation Kl => Over(run => run.Kl);

    /// <summary>The mean squared error per pixel, times 100, as in the paper.</summary>
    public MeanAndDeviation Mse => Over(run => 100 * run.Mse);

    public MeanAndDeviation Importance => Over(run => run.Importance);

    public MeanAndDeviation EffectiveSampleSize => Over(run => run.EffectiveSampleSize);

    /// <summary>The log-likelihood by quadrature; null unless every run has it.</summary>
    public MeanAndDeviation? Quadrature => Runs.All(run => run.Quadrature is not null) ? Over(run => run.Quadrature!.Value) : null;

    /// <summary>
    /// The largest difference of the last two grids of the quadrature over runs; null if there is no
    /// quadrature.
    /// </summary>
    public double? QuadratureError => Runs.Max(run => run.QuadratureError);

    /// <summary>The best attainable log-likelihood minus the ELBO; null if it is unknown.</summary>
    public MeanAndDeviation? BelowLimit => Runs.All(run => run.Limit is not null) ? Over(run => run.Limit!.Value - run.Elbo) : null;

    /// <summary>
    /// Whether the generative factors of the data are known, so that topology can be judged.
    /// </summary>
    public bool HasTopology => BelowLimit is not null;

    /// <summary>
    /// The number of runs that captured the topology of the data; null where every verdict is undetermined,
    /// or there is none.
    /// </summary>
    public int? Captured => Runs.Any(run => run.IsCaptured is not null) ? Runs.Count(run => run.IsCaptured == true) : null;

    private MeanAndDeviation Over(Func<RunRecord, double> value) => MeanAndDeviation.Compute([.. Runs.Select(value)]);
}
