namespace DiffusionVae.Reports;

/// <summary>The files of a report.</summary>
public sealed class ReportFiles
{
    /// <summary>The path of the page.</summary>
    public required string Page { get; init; }

    /// <summary>The figures, in the order of the page.</summary>
    public required IReadOnlyList<FigureFiles> Figures { get; init; }
}
