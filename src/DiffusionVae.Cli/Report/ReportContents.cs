using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Report;

/// <summary>What a report is about.</summary>
internal sealed record ReportContents
{
    /// <summary>The run.</summary>
    public required Run Run { get; init; }

    /// <summary>The images it was measured on, which are shown.</summary>
    public required ImageSet Images { get; init; }

    /// <summary>What these images are, in words that go on from "the": <c>10000 test images of mnist</c>.</summary>
    public required string Description { get; init; }

    /// <summary>The numbers of the run on these images.</summary>
    public required Elbo Elbo { get; init; }

    /// <summary>Numbers beyond the ELBO and its parts.</summary>
    public IReadOnlyList<ReportNumber> MoreNumbers { get; init; } = [];

    /// <summary>Pictures.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];
}

/// <summary>A number of a report, as text.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number.</param>
/// <param name="Note">Its unit, its error, how it was measured; may be empty.</param>
internal sealed record ReportNumber(string Name, string Value, string Note);

/// <summary>A picture of a report.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="MediaType"><c>image/svg+xml</c> or <c>image/png</c>.</param>
/// <param name="Content">The file.</param>
internal sealed record ReportFigure(string Title, string Caption, string MediaType, byte[] Content);
