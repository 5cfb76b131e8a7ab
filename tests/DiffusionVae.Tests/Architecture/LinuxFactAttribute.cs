namespace DiffusionVae.Tests.Architecture;

/// <summary>A test of Linux binaries, skipped for all to see where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Only Linux has these libraries.";
        }
    }
}
