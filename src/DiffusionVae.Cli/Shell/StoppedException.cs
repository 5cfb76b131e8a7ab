namespace DiffusionVae.Cli;

/// <summary>A signal ended the work early, and in good order.</summary>
internal sealed class StoppedException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
