using System.Text.Json;

namespace DiffusionVae.Cli.Tests;

/// <summary>A single image to test on: what is undefined is said to be, and nothing else fails.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class SingleImageTests
{
    /// <summary>The sphere has no chart, so its figure is of principal components: of one point there are
    /// none.</summary>
    [Fact]
    public void The_standard_error_is_undefined()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.Test], TinyImages.Images(1, 8));
        Outcome trained = DvaeProcess.Run(
            folder.Path, ["train", .. TinyImages.Quick, "--manifold", "sphere:5", "--epochs", "1", "--output", "run"], null);
        Assert.True(trained.ExitCode == ExitCodes.Success, trained.Error);
        Assert.Contains("nats per image (no standard error: a single image)", trained.Out, StringComparison.Ordinal);
        string[] likelihood = ["evaluate", "run", "--likelihood", "importance", "--samples", "2"];
        Assert.Contains(
            "nats per image (no interval: a single image)", DvaeProcess.Run(folder.Path, likelihood).Out, StringComparison.Ordinal);
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(DvaeProcess.Run(folder.Path, [.. likelihood, "--json"], null).Out);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("standardError").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("likelihood").GetProperty("lower").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("likelihood").GetProperty("logLikelihood").ValueKind);
    }
}
