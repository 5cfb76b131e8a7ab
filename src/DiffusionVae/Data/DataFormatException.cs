namespace DiffusionVae.Data;

/// <summary>
/// A file of data or weights is missing, damaged, or not what it should be. The message names the file, what was expected and what was found.
/// </summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file or folder at fault.</param>
    /// <param name="problem">What was expected and what was found; the message is the path, a colon and this.</param>
    /// <param name="innerException">What the decoder of the file said, if it said anything.</param>
    public DataFormatException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) => Path = path;

    /// <summary>The file or folder at fault.</summary>
    public string Path { get; }
}
