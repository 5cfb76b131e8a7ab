using System.Security.Cryptography;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>Tells data from other data: their sizes and a SHA-256 of all pixels.</summary>
internal static class DataFingerprint
{
    public static string Of(Split data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ImageSet images in new[] { data.Train, data.Test })
        {
            TensorBytes.ForEachChunk(images.Pixels, bytes => hash.AppendData(bytes));
        }
        string pixels = Convert.ToHexStringLower(hash.GetHashAndReset());
        ObservationShape shape = data.Train.Shape;
        return Invariant($"{data.Train.Count} + {data.Test.Count} {shape.Noun} of {shape} with SHA-256 {pixels}");
    }
}
