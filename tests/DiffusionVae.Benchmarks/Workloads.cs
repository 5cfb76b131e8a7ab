using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>What the benchmarks work on: models of the default sizes, digits.</summary>
internal static class Workloads
{
    /// <summary>One latent space of every kind.</summary>
    public static string[] LatentSpaces { get; } = ["torus", "sphere", "rp2", "rp3", "so3", "embedded-torus", "euclidean:2"];

    public static DiffusionAutoencoder Model(string latent, int pixels, LatentOptions? options = null, NetworkOptions? network = null)
    {
        using var generator = new Generator(1, CPU);
        return DiffusionAutoencoder.Create(LatentSpace.Parse(latent, options), pixels, network ?? new NetworkOptions(), generator);
    }

    /// <summary>
    /// The first digits of MNIST, scaled to squares: of images without structure a model learns nothing, and
    /// gradients too small for normal numbers make products slow.
    /// </summary>
    public static ImageSet Images(int count, int side)
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData mnist = Mnist.Load();
        Tensor digits = mnist.Train.Pixels[..count].view(-1, 1, mnist.Train.Shape.Height, mnist.Train.Shape.Width);
        return new ImageSet(
            "digits", nn.functional.interpolate(digits, [side, side], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(1));
    }
}
