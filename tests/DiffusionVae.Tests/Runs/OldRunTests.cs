using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Tests.Runs;

/// <summary>A directory that version 0.1.0 wrote opens, and gives the numbers that it gave then.</summary>
public sealed class OldRunTests
{
    private static string Old { get; } = Path.Combine(Repository.Root, "tests", "DiffusionVae.Tests", "Runs", "OldRun");

    [Fact]
    public void It_opens_with_its_history_and_scores_as_it_did()
    {
        using Run run = Run.Open(Path.Combine(Old, "run"));
        using ImageData data = NpyFile.Load(Path.Combine(Old, "waves.npy"), 8);
        Assert.Equal((2, "torus:1", 3L), (run.Epoch, run.Config.Manifold, run.Config.Training.Seed));
        Assert.Equal([1, 2], run.History.Select(epoch => epoch.Epoch));
        ModelScore then = run.History[^1].Validation, now = run.Evaluate(data).Score;
        // Single precision, and 16 terms of about 5 a pixel: another processor may round otherwise.
        Assert.Equal(then.Kl, now.Kl, 1e-4);
        Assert.Equal(then.LogTime, now.LogTime, 1e-4);
        // These are means over one sample of each image's posterior, and later versions draw other samples.
        // Two such means differ by less than five standard errors: that of the ELBO bounds both.
        Assert.Equal(then.Elbo, now.Elbo, 5 * Math.Sqrt(2) * now.StandardError);
        Assert.Equal(then.Mse, now.Mse, 5 * Math.Sqrt(2) * now.StandardError * 2 / data.Test.PixelCount);
    }
}
