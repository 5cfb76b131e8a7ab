using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Cli.Report;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Reports;

/// <summary>Writes the report about a run: a page that opens in any browser, and the figures as PNG and SVG.</summary>
/// <remarks>
/// This is what <c>dvae report</c> does, for programs that train models of their own networks, manifolds or data:
/// <code>
/// using Run run = Run.Open(path, factory);
/// ReportFiles files = RunReport.Write(run, data);
/// </code>
/// Nothing in the page depends on the catalogue of manifolds: it draws what the manifolds of the model say of themselves.
/// </remarks>
public static class RunReport
{
    /// <summary>Measures the run, draws its figures and writes the page, all into the directory of the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">The data that the run was trained on.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="ArgumentException">The data do not suit the run.</exception>
    /// <exception cref="IOException">The system failed to write.</exception>
    public static ReportFiles Write(Run run, ImageData data)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<FigureFiles> figures = FigureSet.Write(run, data);
        using Split split = Split.Create(data, run.Config.HoldOut);
        ModelScore score = run.Evaluate(split.Test);
        ReportPage.Write(run.Directory.Report, new ReportContents
        {
            Run = run,
            Images = split.Test,
            Description = ElboReport.Describe(score.Count, data.Name, run.Config.HoldOut > 0),
            Elbo = score,
            Topology = data.Family is { } family ? run.EvaluateTopology(family) : null,
            Limit = data.Family is { } source ? LikelihoodBound.Of(source, split.Test, run.Model.Likelihood) : null,
            Figures = figures,
        });
        return new ReportFiles { Page = run.Directory.Report, Figures = figures };
    }
}
