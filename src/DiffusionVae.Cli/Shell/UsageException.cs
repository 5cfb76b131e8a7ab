namespace DiffusionVae.Cli;

/// <summary>The user asked for something that cannot be done; the message says what and what could be asked for instead.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Does what depends on what the user typed alone. The library's complaints about its arguments are then complaints about the user's;
    /// anywhere else they are faults of this program.
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

    /// <summary>The message without the name of a parameter that .NET adds to it, which tells a user nothing.</summary>
    private static string MessageOf(Exception fault) => fault is ArgumentException { ParamName: { } name }
        ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : fault.Message;
}
