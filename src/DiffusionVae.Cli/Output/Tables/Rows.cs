using static TorchSharp.torch;

namespace DiffusionVae.Cli.Output;

/// <summary>Tensors as arrays.</summary>
internal static class Rows
{
    /// <summary>The rows of a tensor [count, n] as numbers of double precision.</summary>
    public static double[][] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray().Chunk((int)tensor.size(-1))];
    }

    /// <summary>The rows of a tensor [count, n] of single precision, images most often.</summary>
    public static float[][] OfSingles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray().Chunk((int)tensor.size(-1))];
    }
}
