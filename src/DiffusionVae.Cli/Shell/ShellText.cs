namespace DiffusionVae.Cli;

/// <summary>Text that is pasted into a shell.</summary>
internal static class ShellText
{
    /// <summary>A path as one argument, whatever characters it has.</summary>
    /// <remarks>On Windows in double quotes, which paths there cannot contain.</remarks>
    public static string Quote(string path) => IsPlain(path) ? path
        : OperatingSystem.IsWindows() ? $"\"{path}\""
        : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Whether no shell finds anything but itself in a path.</summary>
    private static bool IsPlain(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || "_@+=:,./-".Contains(c) || (c == '\\' && OperatingSystem.IsWindows()));
}
