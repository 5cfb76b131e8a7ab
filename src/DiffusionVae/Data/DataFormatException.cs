namespace DiffusionVae.Data;

/// <summary>
/// A file of data or weights is missing, damaged, or of the wrong format. The message names the file, what
/// was expected and what was found.
/// </summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The faulty file or folder.</param>
    /// <param name="problem">What was expected and what was found. The message is the path, a colon and this
    /// text.</param>
    /// <param name="innerException">The exception of the file's decoder; may be null.</param>
    public DataFormatException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) => Path = path;

    /// <summary>The faulty file or folder.</summary>
    public string Path { get; }
}
