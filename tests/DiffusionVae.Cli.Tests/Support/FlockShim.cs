using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A library that takes the place of the system's <c>flock</c> and answers as file systems of clusters do.
/// <c>nfs</c>: an exclusive lock needs a file that is open for writing (EBADF). <c>lustre</c>: there are no
/// locks (ENOSYS).
/// </summary>
internal static class FlockShim
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/file.h>
        int flock(int descriptor, int operation) {
            const char *kind = getenv("FLOCK_SHIM");
            if (kind && !strcmp(kind, "lustre")) { errno = ENOSYS; return -1; }
            if ((operation & LOCK_EX) && (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY) { errno = EBADF; return -1; }
            return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(descriptor, operation);
        }
        """;

    /// <summary>Builds the library in a folder.</summary>
    /// <returns>The environment of a program that is to meet it.</returns>
    public static IReadOnlyDictionary<string, string> Build(string folder, string kind)
    {
        string source = Path.Combine(folder, "shim.c"), library = Path.Combine(folder, "shim.so");
        File.WriteAllText(source, Source);
        using Process compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["FLOCK_SHIM"] = kind };
    }
}

/// <summary>A test that needs a C compiler, on Linux.</summary>
public sealed class CompilerTheoryAttribute : TheoryAttribute
{
    public CompilerTheoryAttribute()
    {
        bool found = OperatingSystem.IsLinux()
            && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "cc")));
        if (!found)
        {
            Skip = "Needs Linux and a C compiler, cc.";
        }
    }
}
