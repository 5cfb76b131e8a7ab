namespace DiffusionVae.Runs;

/// <summary>A run was to be written to a place that holds something else, or that another process is writing
/// to. Nothing was touched.</summary>
public sealed class DirectoryInUseException : IOException
{
    private DirectoryInUseException(string message)
        : base(message)
    {
    }

    internal static DirectoryInUseException Taken(string path) =>
        new($"'{path}' exists and is not an empty directory; choose another place for the run, or move it away.");

    internal static DirectoryInUseException BeingWritten(string path, string? holder) =>
        new($"another process is training the run in '{path}'; wait until it ends, or stop it, or choose another place."
            + (holder is null ? "" : $" The file system there has no locks: {holder}."));
}
