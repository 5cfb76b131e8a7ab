namespace DiffusionVae.Tests.Architecture;

/// <summary>
/// The native libraries load on the oldest systems that are promised: Debian 12 and Ubuntu 22.04.
/// </summary>
public class NativeLibraryTests
{
    private static readonly (string Prefix, Version Newest)[] Promised =
        [("GLIBC_", new Version(2, 35)), ("GLIBCXX_", new Version(3, 4, 30)), ("CXXABI_", new Version(1, 3, 13))];

    [LinuxFact]
    public void None_needs_a_newer_system_than_promised()
    {
        IEnumerable<string> tooNew =
            from path in Natives()
            from need in ElfFile.Needs(path)
            where !need.Weak && IsTooNew(need.Version)
            select $"{Path.GetFileName(path)} needs {need.Version} of {need.Library}";
        Assert.Empty(tooNew);
    }

    [LinuxFact]
    public void They_are_there_and_their_needs_are_read()
    {
        Assert.Contains(Natives(), path => Path.GetFileName(path) == "libtorch_cpu.so");
        string binding = Natives().Single(path => Path.GetFileName(path) == "libLibTorchSharp.so");
        IReadOnlyList<ElfFile.Need> needs = ElfFile.Needs(binding);
        Assert.Contains(
            needs, need => need is { Library: "libc.so.6", Weak: false } && need.Version.StartsWith("GLIBC_", StringComparison.Ordinal));
        Assert.Contains(needs, need =>
            need is { Library: "libstdc++.so.6", Weak: false } && need.Version.StartsWith("GLIBCXX_3.4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GLIBC_2.35", false)]
    [InlineData("GLIBC_2.36", true)]
    [InlineData("GLIBC_2.2.5", false)]
    [InlineData("GLIBCXX_3.4", false)]
    [InlineData("GLIBCXX_3.4.30", false)]
    [InlineData("GLIBCXX_3.4.32", true)]
    [InlineData("CXXABI_1.3.13", false)]
    [InlineData("CXXABI_1.3.14", true)]
    [InlineData("GCC_3.0", false)]
    [InlineData("GLIBC_ABI_DT_RELR", true)]
    public void Versions_are_compared_number_by_number(string version, bool tooNew) => Assert.Equal(tooNew, IsTooNew(version));

    private static IEnumerable<string> Natives() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is var name
                && (name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal)));

    /// <summary>
    /// Whether the version is one that the promised systems lack; a marker without number, such as that of
    /// packed relocations, came with glibc 2.36.
    /// </summary>
    private static bool IsTooNew(string version)
    {
        foreach ((string prefix, Version newest) in Promised)
        {
            if (version.StartsWith(prefix, StringComparison.Ordinal))
            {
                return !Version.TryParse(version[prefix.Length..], out Version? number) || number > newest;
            }
        }
        return false;
    }
}
