using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Reports;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Report;

/// <summary>What a report is about.</summary>
internal sealed record ReportContents
{
    public required Run Run { get; init; }

    /// <summary>The images it was measured on, which are shown.</summary>
    public required ImageSet Images { get; init; }

    /// <summary>What these images are, in words: <c>the 10000 test images of mnist</c>.</summary>
    public required string Description { get; init; }

    /// <summary>The numbers of the run on these images.</summary>
    public required ModelScore Elbo { get; init; }

    /// <summary>Whether the run captures the topology of its data; null where that is not known.</summary>
    public Topology? Topology { get; init; }

    /// <summary>
    /// The log-likelihood of the images under the data's own distribution, in nats; null where it is not
    /// known.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>The run's figures.</summary>
    public IReadOnlyList<FigureFiles> Figures { get; init; } = [];
}
