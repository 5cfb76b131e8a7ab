using System.Text.Json.Nodes;

namespace DiffusionVae.Cli.Tests;

/// <summary><c>train</c> and <c>evaluate</c> print the same numbers of a run.</summary>
public sealed class EvaluationTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// On a circle of pictures the limit depends on the images, and so do ELBO and limit both on which images
    /// are measured.
    /// </summary>
    [Fact]
    public void With_images_held_out_the_limit_is_that_of_the_images_of_the_ELBO()
    {
        string trained =
            Json("train", "--data", "circle", "--manifold", "torus:1", "--epochs", "1", "--encoder-widths", "8", "--decoder-widths", "8",
            "--hold-out", "50", "--threads", "1", "--output", "run");
        Assert.Equal(trained, Json("evaluate", "run"));

        JsonNode heldOut = JsonNode.Parse(trained)!, test = JsonNode.Parse(Json("evaluate", "run", "--data", "circle"))!;
        Assert.True(heldOut["heldOut"]!.GetValue<bool>());
        Assert.False(test["heldOut"]!.GetValue<bool>());
        Assert.NotEqual(Limit(heldOut), Limit(test));
    }

    private static double Limit(JsonNode evaluation) => evaluation["topology"]!["limit"]!.GetValue<double>();

    private string Json(params string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, [.. args, "--json"]);
        Assert.True(outcome.ExitCode == ExitCodes.Success, outcome.Error);
        return outcome.Out;
    }
}
