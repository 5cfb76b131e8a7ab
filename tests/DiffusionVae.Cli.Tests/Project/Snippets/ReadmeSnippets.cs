using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Tests;

/// <summary>Code of the README, for the compiler to see. <see cref="PackageTests"/> runs it.</summary>
internal static class ReadmeSnippets
{
    public static void FromDotNet()
    {
        using ImageData data = Mnist.Load(); // or new ImageData("mine", new ImageSet("train", tensor), new ImageSet("test", otherTensor))
        var config = new RunConfig { Manifold = "torus", Training = new TrainingOptions { Epochs = 5 } };
        using Run run = Run.Train(config, data, "runs/from-dotnet");
        Console.WriteLine(run.History[^1].Validation.Elbo);

        using Run again = Run.Open("runs/from-dotnet");
        using var images = again.Model.Reconstruct(data.Test.Pixels[..10]);
    }

    public static LatentSpace OwnManifold()
    {
        var egg = new LevelSet("egg", 3, radius: 2, x => x.pow(2).sum(-1) + (0.3 * x.select(-1, 2).pow(3)) - 1);
        LatentSpace latent = LatentSpace.Create(egg);
        return latent;
    }
}
