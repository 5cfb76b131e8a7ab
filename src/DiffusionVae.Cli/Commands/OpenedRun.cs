using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary>A run and data for it. Owns both.</summary>
internal sealed class OpenedRun : IDisposable
{
    public required Run Run { get; init; }

    public required ImageData Data { get; init; }

    /// <summary>The name by which the data were asked for.</summary>
    public required string DataId { get; init; }

    public void Dispose()
    {
        Data.Dispose();
        Run.Dispose();
    }
}
