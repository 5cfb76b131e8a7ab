namespace DiffusionVae.Cli.Tests;

/// <summary>A command that the program offers can be pasted, whatever its paths are.</summary>
public sealed class ShellTextTests
{
    [UnixTheory]
    [InlineData("runs/torus-2-mnist-seed0")]
    [InlineData("my run")]
    [InlineData("it's")]
    [InlineData("a$HOME;`id`(b)&\"c\"")]
    [InlineData("~/run")]
    [InlineData("back\\slash")]
    [InlineData("line\nbreak")]
    public void A_shell_reads_a_quoted_path_as_it_is(string path)
    {
        using var folder = new Folder();
        using DvaeProcess shell = DvaeProcess.Start("/bin/sh", folder.Path, ["-c", $"printf %s {ShellText.Quote(path)}"]);
        Assert.Equal(path, shell.Wait().Out);
    }

    [UnixFact]
    public void Plain_paths_stay_as_they_are() => Assert.Equal("runs/a-b_c.1", ShellText.Quote("runs/a-b_c.1"));
}
