namespace DiffusionVae.Runs;

/// <summary>The configuration of a run is wrong, or does not fit the data or the model. The message says what
/// to change.</summary>
public sealed class ConfigurationException : ArgumentException
{
    internal ConfigurationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Throws if there are faults, with all of them in the message.</summary>
    internal static void ThrowIfAny(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, all));
        }
    }

    /// <summary>Does what depends on the configuration alone; names and options that are wrong then become
    /// faults of the configuration.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException and not ConfigurationException)
        {
            throw new ConfigurationException(WithoutParameter(fault), fault);
        }
    }

    /// <summary>The message without the name of the parameter that .NET adds, which is none of the
    /// configuration's.</summary>
    private static string WithoutParameter(Exception fault) => fault is ArgumentException { ParamName: { } name }
        ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : fault.Message;
}
