namespace DiffusionVae.Cli.Tests;

/// <summary>What a run leaves.</summary>
internal static class FinishedRun
{
    /// <summary>Two runs left the same, to the last bit, but for the seconds.</summary>
    public static void AssertSame(string expected, string found)
    {
        Assert.Equal(Entries(expected), Entries(found));
        foreach (string name in new[] { "config.json", "weights.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, name)), File.ReadAllBytes(Path.Combine(found, name)));
        }
        Assert.Equal(MetricsWithoutSeconds(expected), MetricsWithoutSeconds(found));
    }

    public static string MetricsWithoutSeconds(string run) =>
        string.Join('\n',
            File.ReadAllText(Path.Combine(run, "metrics.csv")).Split('\n')
            .Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1))));

    /// <summary>Its checkpoints, the last first.</summary>
    public static string[] Checkpoints(string run) =>
        [.. Directory.GetFiles(Path.Combine(run, "checkpoints"), "step-*").OrderDescending(StringComparer.Ordinal)];

    private static IEnumerable<string?> Entries(string run) =>
        Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
