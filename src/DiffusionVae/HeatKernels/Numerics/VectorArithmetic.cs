using System.Numerics;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// The inner loops of the linear algebra, in the processor's vector registers. Vectors must have equal
/// lengths.
/// </summary>
internal static class VectorArithmetic
{
    /// <summary>target += factor * source, from an index on.</summary>
    public static void AddScaled(double[] target, double factor, double[] source, int first = 0)
    {
        var factors = new Vector<double>(factor);
        int i = first;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(target, i) + (factors * new Vector<double>(source, i))).CopyTo(target, i);
        }
        for (; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>The inner product of the parts from an index on.</summary>
    public static double Dot(double[] left, double[] right, int first = 0)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = first;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += new Vector<double>(left, i) * new Vector<double>(right, i);
        }
        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /// <summary>(lower, upper) becomes (cosine lower - sine upper, sine lower + cosine upper).</summary>
    public static void Rotate(double[] lower, double[] upper, double cosine, double sine)
    {
        var cosines = new Vector<double>(cosine);
        var sines = new Vector<double>(sine);
        int i = 0;
        for (; i <= lower.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var l = new Vector<double>(lower, i);
            var u = new Vector<double>(upper, i);
            ((sines * l) + (cosines * u)).CopyTo(upper, i);
            ((cosines * l) - (sines * u)).CopyTo(lower, i);
        }
        for (; i < lower.Length; i++)
        {
            double l = lower[i];
            double u = upper[i];
            upper[i] = (sine * l) + (cosine * u);
            lower[i] = (cosine * l) - (sine * u);
        }
    }
}
