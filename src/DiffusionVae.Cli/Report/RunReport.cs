using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Report;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Reports;

/// <summary>
/// Writes the report about a run: a page that opens in any browser, and the figures as PNG and SVG.
/// </summary>
/// <remarks>
/// This is what <c>dvae report</c> does, for programs that train models of their own networks, manifolds or
/// data:
/// <code>
/// using Run run = Run.Open(path, factory); ReportFiles files = RunReport.Write(run, data);
/// </code>
/// Nothing in the page depends on the catalogue of manifolds: it draws what the manifolds of the model say of
/// themselves.
/// </remarks>
public static class RunReport
{
    /// <summary>
    /// Measures the run, draws its figures and writes the page, all into the directory of the run.
    /// </summary>
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
        using Split split = run.Split(data);
        RunEvaluation evaluation = run.Evaluate(data);
        ReportPage.Write(run.Directory.Report, new ReportContents
        {
            Run = run,
            Images = split.Test,
            Description = evaluation.Images,
            Elbo = evaluation.Score,
            Topology = evaluation.Topology,
            Limit = evaluation.LikelihoodBound,
            Figures = figures,
        });
        return new ReportFiles { Page = run.Directory.Report, Figures = figures };
    }
}
