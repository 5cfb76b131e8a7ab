namespace DiffusionVae.Cli.Tests;

public sealed class DataTests
{
    [Fact]
    public void Data_tells_what_is_there()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome outcome = DvaeProcess.Run(folder.Path, "data", "tiny");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.Contains("48 to train on, 16 to test on, of 8 by 8 pixels", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Mnist_that_is_not_as_published_is_bad_data()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["data", "mnist"]);
        Outcome outcome = DvaeProcess.Run(folder.Path, "data", "mnist");
        Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
        Assert.Contains("differs from the published file", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("missing", outcome.Error, StringComparison.Ordinal);
    }
}
