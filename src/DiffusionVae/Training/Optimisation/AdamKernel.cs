using System.Numerics;
using System.Runtime.InteropServices;

namespace DiffusionVae.Training;

/// <summary>
/// A step of Adam in memory, in one pass.
/// </summary>
/// <param name="beta1">The share of the mean gradient that a step keeps.</param>
/// <param name="beta2">The share of the mean square that a step keeps.</param>
/// <param name="rate">The learning rate, corrected for the first mean's start at zero.</param>
/// <param name="scale">What the root of the mean square is multiplied with for its start at zero.</param>
/// <param name="epsilon">What is added to that root.</param>
internal readonly struct AdamKernel(float beta1, float beta2, float rate, float scale, float epsilon)
{
    /// <summary>Whether tensors can be reached so.</summary>
    public static bool IsApplicable(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>Updates some numbers of a parameter.</summary>
    /// <param name="parameter">The parameter, contiguous, as are the others.</param>
    /// <param name="first">The mean of its gradients.</param>
    /// <param name="second">The mean of their squares.</param>
    /// <param name="range">The numbers to update.</param>
    /// <param name="gradient">Their gradient.</param>
    public void Update(Tensor parameter, Tensor first, Tensor second, Range range, Tensor gradient) =>
        Update(Numbers(parameter)[range], Numbers(first)[range], Numbers(second)[range], Numbers(gradient));

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private void Update(Span<float> parameter, Span<float> first, Span<float> second, ReadOnlySpan<float> gradient)
    {
        int i = 0;
        for (; i <= parameter.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            Vector<float> m = (new Vector<float>(first[i..]) * beta1) + (g * (1 - beta1));
            Vector<float> v = (new Vector<float>(second[i..]) * beta2) + (g * g * (1 - beta2));
            Vector<float> root = (Vector.SquareRoot(v) * scale) + new Vector<float>(epsilon);
            (new Vector<float>(parameter[i..]) - (m * rate / root)).CopyTo(parameter[i..]);
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
        }
        // The same operations, each of them rounded in the same way.
        for (; i < parameter.Length; i++)
        {
            float g = gradient[i];
            float m = (first[i] * beta1) + (g * (1 - beta1));
            float v = (second[i] * beta2) + (g * g * (1 - beta2));
            parameter[i] -= m * rate / ((MathF.Sqrt(v) * scale) + epsilon);
            (first[i], second[i]) = (m, v);
        }
    }
}
