namespace DiffusionVae.Runs;

/// <summary>A run was to be written to a place that holds something. Nothing was touched.</summary>
public sealed class DirectoryInUseException : IOException
{
    internal DirectoryInUseException(string path)
        : base($"'{path}' exists and is not an empty directory; choose another place for the run, or move it away.")
    {
    }
}
