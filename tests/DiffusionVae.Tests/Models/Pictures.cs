using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>Small models and images to try them on.</summary>
internal static class Pictures
{
    public const int Side = 6;

    /// <summary>Pictures of a wave in a random phase along either axis, between 0 and 1.</summary>
    public static ImageSet Waves(long count, ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        Tensor grid = arange(Side, ScalarType.Float32) * (2 * Math.PI / Side);
        Tensor phases = rand([count, 2], generator: generator) * (2 * Math.PI);
        Tensor rows = (grid + phases.narrow(-1, 0, 1)).cos().unsqueeze(-1), columns = (grid + phases.narrow(-1, 1, 1)).cos().unsqueeze(-2);
        return new ImageSet("waves", (rows + columns + 2) / 4);
    }

    public static DiffusionAutoencoder Model(string manifold, NetworkOptions? options = null, ulong seed = 1)
    {
        using var weights = new Generator(seed, CPU);
        return DiffusionAutoencoder.Create(LatentSpace.Parse(manifold), Side * Side, options ?? Small, weights);
    }

    public static NetworkOptions Small { get; } = new() { EncoderWidths = [24], DecoderWidths = [24] };
}
