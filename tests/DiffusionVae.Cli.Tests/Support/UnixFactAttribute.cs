namespace DiffusionVae.Cli.Tests;

/// <summary>A test of what Windows has not: signals, /dev/full.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Needs signals or devices that Windows has not.";
        }
    }
}
