namespace DiffusionVae.Cli.Reproduction;

/// <summary>What the runs of one latent space came to, and what the paper has for it.</summary>
internal sealed record ReproducedRow(string Manifold, PaperRow? Paper, IReadOnlyList<RunRecord> Runs)
{
    public MeanAndDeviation Elbo => Over(run => run.Elbo);

    public MeanAndDeviation Kl => Over(run => run.Kl);

    /// <summary>Per pixel, times 100, as in the paper.</summary>
    public MeanAndDeviation Mse => Over(run => 100 * run.Mse);

    public MeanAndDeviation Importance => Over(run => run.Importance);

    public MeanAndDeviation EffectiveSampleSize => Over(run => run.EffectiveSampleSize);

    /// <summary>Null unless every run has it.</summary>
    public MeanAndDeviation? Quadrature => Runs.All(run => run.Quadrature is not null) ? Over(run => run.Quadrature!.Value) : null;

    /// <summary>How far the last two grids of the quadrature are apart, in the run where they are farthest; null where there is none.</summary>
    public double? QuadratureError => Runs.Max(run => run.QuadratureError);

    /// <summary>How far the ELBO lies below the log-likelihood of the images under their own distribution; null where that is not known.</summary>
    public MeanAndDeviation? BelowLimit => Runs.All(run => run.Limit is not null) ? Over(run => run.Limit!.Value - run.Elbo) : null;

    /// <summary>How many runs captured the topology of the data; null where every verdict is undetermined, or there is none.</summary>
    public int? Captured => Runs.Any(run => run.IsCaptured is not null) ? Runs.Count(run => run.IsCaptured == true) : null;

    private MeanAndDeviation Over(Func<RunRecord, double> value) => MeanAndDeviation.Of([.. Runs.Select(value)]);
}
