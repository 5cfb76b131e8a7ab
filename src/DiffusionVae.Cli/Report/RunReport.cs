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
    /// Measures the run, draws its figures and writes the page.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="data">The data that the run was trained on.</param>
    /// <param name="folder">The folder to write to, which is made if it does not exist; by default the
    /// directory of the run.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="ArgumentException">The data do not suit the run.</exception>
    /// <exception cref="IOException">The system failed to write.</exception>
    public static ReportFiles Write(Run run, ImageData data, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(data);
        var place = new RunDirectory(folder ?? run.Directory.Root);
        Directory.CreateDirectory(place.Root);
        IReadOnlyList<FigureFiles> figures = FigureSet.Write(run, data, place.Figures);
        using Split split = run.Split(data);
        RunEvaluation evaluation = run.Evaluate(data);
        ReportPage.Write(place.Report, new ReportContents
        {
            Run = run,
            Images = split.Test,
            Description = evaluation.Images,
            Elbo = evaluation.Score,
            Topology = evaluation.Topology,
            Limit = evaluation.LikelihoodBound,
            Figures = figures,
        });
        return new ReportFiles { Page = place.Report, Figures = figures };
    }
}
