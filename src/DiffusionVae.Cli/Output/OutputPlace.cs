using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Output;

/// <summary>Checks before the work that its results can be written.</summary>
internal static class OutputPlace
{
    /// <summary>Checks that a file can be written, and then does the work that writes it.</summary>
    /// <param name="isChosen">
    /// Whether the user said where to write; else it is in the run's directory.
    /// </param>
    /// <param name="file">The file that will be written, or one of them.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="IOException">The file cannot be written; the message says what helps.</exception>
    public static T Guard<T>(bool isChosen, string file, Func<T> work)
    {
        try
        {
            AtomicFile.RequireWritable(file);
            return work();
        }
        catch (Exception fault) when (!isChosen && fault is (IOException or UnauthorizedAccessException))
        {
            throw new IOException($"{fault.Message.TrimEnd('.')}. Say with --output where else to write.", fault);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(bool isChosen, string file, Action work) => Guard(isChosen, file, () =>
    {
        work();
        return true;
    });
}
