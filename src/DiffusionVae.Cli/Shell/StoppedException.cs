namespace DiffusionVae.Cli;

/// <summary>A signal ended the work early, in an orderly way.</summary>
internal sealed class StoppedException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
