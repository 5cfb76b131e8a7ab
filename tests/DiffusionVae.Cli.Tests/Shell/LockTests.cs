namespace DiffusionVae.Cli.Tests;

/// <summary>
/// No two processes ever do the same run, also where the file system refuses locks as those of clusters do.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class LockTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> NoLocksOfDotNet =
        new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };

    private readonly Folder folder = new();

    public LockTests() => TinyImages.Write(folder["tiny"]);

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public Task Where_dotnet_takes_no_locks_a_second_process_is_refused() =>
        ASecondProcessIsRefused(NoLocksOfDotNet, "another process is training the run");

    [CompilerTheory]
    [InlineData("nfs", "another process is training the run")]
    [InlineData("lustre", "The file system there has no locks: process ")]
    public Task Where_locks_are_refused_a_second_process_is_refused(string fileSystem, string message) =>
        ASecondProcessIsRefused(FlockShim.Build(folder.Path, fileSystem), message);

    [CompilerTheory]
    [InlineData("nfs")]
    [InlineData("lustre")]
    public async Task A_killed_process_does_not_keep_its_run(string fileSystem)
    {
        IReadOnlyDictionary<string, string> environment = FlockShim.Build(folder.Path, fileSystem);
        using (DvaeProcess first = Start(environment, "train", "--output", "run", "--epochs", "100000"))
        {
            await first.Line("epoch 1/");
            first.Kill();
            first.Wait();
        }
        using DvaeProcess second = DvaeProcess.Start(folder.Path, ["train", "--resume", "run"], environment);
        await second.Line("epoch ");
        second.Signal("TERM");
        Assert.Equal(ExitCodes.Terminated, second.Wait().ExitCode);
        Assert.False(File.Exists(folder["run", ".lock.lease"]));
    }

    [CompilerTheory]
    [InlineData("nfs")]
    [InlineData("lustre")]
    public void Processes_that_share_a_table_do_each_run_once(string fileSystem)
    {
        IReadOnlyDictionary<string, string> environment = FlockShim.Build(folder.Path, fileSystem);
        string[] table =
            ["reproduce", "table1", "--manifolds", "sphere,r2", "--runs", "2", "--samples", "2", "--output", "table", "--jobs", "1"];
        using DvaeProcess first = Start(environment, table), second = Start(environment, table);
        Assert.Equal(ExitCodes.Success, first.Wait().ExitCode);
        Assert.Equal(ExitCodes.Success, second.Wait().ExitCode);
        // A run that two processes do at once leaves repairs, or a directory in use: both are said.
        Assert.Equal(4, Directory.GetFiles(folder["table", "table1", "records"]).Length);
        Assert.Empty(Directory.GetFiles(folder["table", "table1", "runs"], "*.lease"));
    }

    private async Task ASecondProcessIsRefused(IReadOnlyDictionary<string, string> environment, string message)
    {
        using DvaeProcess first = Start(environment, "train", "--output", "run", "--epochs", "100000");
        if (message.Contains("no locks", StringComparison.Ordinal))
        {
            await first.Line("has no locks. A file there, '.lock.lease', marks the run as taken until it ends.");
        }
        await first.Line("epoch 1/");
        Outcome second = DvaeProcess.Run(folder.Path, ["train", "--resume", "run"], environment);
        Assert.Equal(ExitCodes.Refused, second.ExitCode);
        Assert.Contains(message, second.Error, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }

    private DvaeProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args) =>
        DvaeProcess.Start(
            folder.Path,
            [.. args, .. TinyImages.Quick.Where((_, i) => !args.Contains("--epochs") || i < TinyImages.Quick.Length - 2)], environment);
}
