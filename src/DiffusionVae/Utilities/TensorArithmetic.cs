namespace DiffusionVae;

/// <summary>Arithmetic that TorchSharp has, without the numbers that it wraps in objects of its own.</summary>
internal static class TensorArithmetic
{
    /// <summary>x², with the values and gradients of <see cref="Tensor.square"/>.</summary>
    /// <remarks>
    /// TorchSharp computes that as a power whose exponent is a temporary object. Nothing holds it while libtorch reads it, so a garbage collection
    /// at that moment frees it, and the call fails or reads what is there by then.
    /// </remarks>
    public static Tensor Squared(this Tensor x) => x * x;
}
