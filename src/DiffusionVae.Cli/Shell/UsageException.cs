namespace DiffusionVae.Cli;

/// <summary>
/// The user asked for something that is not possible. The message says what it is and what is possible
/// instead.
/// </summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Runs a function that depends only on what the user typed, and reports the library's exceptions about
    /// arguments as usage errors. Elsewhere such exceptions are faults of this program.
    /// </summary>
    public static T Guard<T>(Func<T> understand)
    {
        try
        {
            return understand();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or DirectoryNotFoundException)
        {
            throw new UsageException(MessageOf(fault), fault);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(Action understand) => Guard(() =>
    {
        understand();
        return true;
    });

    /// <summary>
    /// The message without the parameter name that .NET appends, which means nothing to a user.
    /// </summary>
    private static string MessageOf(Exception fault) => fault is ArgumentException { ParamName: { } name }
        ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : fault.Message;
}
