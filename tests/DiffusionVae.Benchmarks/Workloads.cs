using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>What the benchmarks work on: models of the default sizes, images of random grey values.</summary>
internal static class Workloads
{
    /// <summary>One latent space of every kind.</summary>
    public static string[] LatentSpaces { get; } = ["torus", "sphere", "rp2", "rp3", "so3", "embedded-torus", "euclidean:2"];

    public static DiffusionAutoencoder Model(string latent, int pixels, LatentOptions? options = null, NetworkOptions? network = null)
    {
        using var generator = new Generator(1, CPU);
        return DiffusionAutoencoder.Create(LatentSpace.Parse(latent, options), pixels, network ?? new NetworkOptions(), generator);
    }

    /// <summary>Square images of random grey values.</summary>
    public static ImageSet Images(int count, int side)
    {
        using var generator = new Generator(2, CPU);
        using Tensor grey = rand([count, side, side], generator: generator);
        return new ImageSet("random", grey);
    }
}
