namespace DiffusionVae.Runs;

/// <summary>The tensors and the metadata read from a safetensors file.</summary>
/// <remarks>Owns its tensors, and no dispose scope does.</remarks>
internal sealed class SafetensorsFile : IDisposable
{
    internal SafetensorsFile(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, string? sha256) =>
        (Tensors, Metadata, Sha256) = (tensors, metadata, sha256);

    /// <summary>What the header says besides the tensors, without the checksum.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The checksum, verified, as 64 lower-case hexadecimal digits; null if the file has
    /// none.</summary>
    public string? Sha256 { get; }

    /// <summary>The tensors by name, on the CPU.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
