namespace DiffusionVae;

/// <summary>Arithmetic without TorchSharp's temporary Scalar objects.</summary>
internal static class TensorArithmetic
{
    /// <summary>x², with the values and gradients of <see cref="Tensor.square"/>.</summary>
    /// <remarks>
    /// TorchSharp computes it as a power whose exponent is a temporary object. Nothing references that object
    /// while libtorch reads it. A garbage collection at that moment frees it, and the call fails or reads
    /// freed memory.
    /// </remarks>
    public static Tensor Squared(this Tensor x) => x * x;
}
