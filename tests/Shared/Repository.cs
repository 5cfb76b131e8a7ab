namespace DiffusionVae.Tests;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The benchmarks, as built with the tests.</summary>
    public static string Benchmarks { get; } = Built("tests", "DiffusionVae.Benchmarks");

    /// <summary>A program of the samples, as built with the tests.</summary>
    public static string Sample(string name) => Built("samples", name);

    private static string Built(string folder, string name)
    {
        // .../tests/DiffusionVae.Cli.Tests/bin/Release/net10.0/linux-x64: the others are built for the same
        // configuration and platform.
        string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^3..];
        return Path.Combine([Root, folder, name, "bin", .. output, OperatingSystem.IsWindows() ? name + ".exe" : name]);
    }

    private static string Find()
    {
        DirectoryInfo? place = new(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "DiffusionVae.sln")))
        {
            place = place.Parent;
        }
        return place?.FullName ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
