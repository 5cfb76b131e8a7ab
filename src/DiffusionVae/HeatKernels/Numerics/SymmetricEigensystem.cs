using static DiffusionVae.HeatKernels.VectorArithmetic;

namespace DiffusionVae.HeatKernels;

/// <summary>All eigenvalues and eigenvectors of a dense real symmetric matrix.</summary>
/// <remarks>
/// Householder reduction to tridiagonal form, then the QL iteration with implicit shifts (Golub and Van Loan,
/// Matrix Computations, sections 8.3.1 and 8.3.3). Eigenvectors are kept as rows, so that the rotations of QL
/// run along memory.
/// </remarks>
internal sealed class SymmetricEigensystem
{
    private const int MaximumSweeps = 60;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">A symmetric matrix as an array of rows. It is overwritten.</param>
    public SymmetricEigensystem(double[][] matrix)
    {
        (Values, var offDiagonal, Vectors) = Tridiagonalise(matrix);
        Diagonalise(Values, offDiagonal, Vectors);
        Array.Sort(Values, Vectors);
    }

    /// <summary>The eigenvalues in ascending order.</summary>
    public double[] Values { get; }

    /// <summary>The orthonormal eigenvectors, one a row, in the order of <see cref="Values"/>.</summary>
    public double[][] Vectors { get; }

    /// <summary>
    /// Reflects the matrix A to T = Q A Qᵀ and returns the diagonal of T, the entries below it, and Q.
    /// </summary>
    private static (double[] Diagonal, double[] OffDiagonal, double[][] Q) Tridiagonalise(double[][] a)
    {
        int n = a.Length;
        var diagonal = new double[n];
        var offDiagonal = new double[n];
        var reflectors = new double[Math.Max(n - 2, 0)][];
        for (int k = 0; k < n - 2; k++)
        {
            double[] v = Reflector(a, k, out offDiagonal[k]);
            reflectors[k] = v;
            ReflectBothSides(a, k + 1, v);
        }
        for (int i = 0; i < n; i++)
        {
            diagonal[i] = a[i][i];
        }
        if (n > 1)
        {
            offDiagonal[n - 2] = a[n - 1][n - 2];
        }
        return (diagonal, offDiagonal, Product(reflectors, n));
    }

    /// <summary>
    /// The vector v with vᵀv = 2 (or v = 0) for which 1 - v vᵀ sends column k below the diagonal to a
    /// multiple of e₁.
    /// </summary>
    private static double[] Reflector(double[][] a, int k, out double image)
    {
        int n = a.Length;
        var v = new double[n];
        double tail = 0;
        for (int i = k + 1; i < n; i++)
        {
            v[i] = a[i][k];
            tail += i > k + 1 ? v[i] * v[i] : 0;
        }
        if (tail == 0)
        {
            image = v[k + 1];
            return new double[n];
        }
        double head = v[k + 1];
        double norm = Math.Sqrt((head * head) + tail);
        image = head > 0 ? -norm : norm;
        v[k + 1] = head - image;
        double scale = Math.Sqrt(2 / ((v[k + 1] * v[k + 1]) + tail));
        for (int i = k + 1; i < n; i++)
        {
            v[i] *= scale;
        }
        return v;
    }

    /// <summary>
    /// Replaces the block of A from <paramref name="first"/> on by (1 - v vᵀ) A (1 - v vᵀ) = A - v wᵀ - w vᵀ.
    /// </summary>
    private static void ReflectBothSides(double[][] a, int first, double[] v)
    {
        int n = a.Length;
        var w = new double[n];
        double vw = 0;
        for (int i = first; i < n; i++)
        {
            w[i] = Dot(a[i], v, first);
            vw += v[i] * w[i];
        }
        for (int i = first; i < n; i++)
        {
            w[i] -= vw * v[i] / 2;
        }
        for (int i = first; i < n; i++)
        {
            AddScaled(a[i], -v[i], w, first);
            AddScaled(a[i], -w[i], v, first);
        }
    }

    /// <summary>The product of all reflections, the last one leftmost.</summary>
    private static double[][] Product(double[][] reflectors, int n)
    {
        var q = new double[n][];
        for (int i = 0; i < n; i++)
        {
            q[i] = new double[n];
            q[i][i] = 1;
        }
        // Q = H_last ... H_1 H_0. It is built from H_last on: until H_k is multiplied, only the block below
        // row k differs from 1.
        for (int k = reflectors.Length - 1; k >= 0; k--)
        {
            double[] v = reflectors[k];
            for (int i = k + 1; i < n; i++)
            {
                AddScaled(q[i], -Dot(q[i], v, k + 1), v, k + 1);
            }
        }
        return q;
    }

    private static void Diagonalise(double[] d, double[] e, double[][] q)
    {
        int n = d.Length;
        for (int low = 0; low < n; low++)
        {
            int sweeps = 0;
            for (int high = BlockEnd(d, e, low); high > low; high = BlockEnd(d, e, low))
            {
                if (++sweeps > MaximumSweeps)
                {
                    throw new ArithmeticException($"The QL iteration did not converge in {MaximumSweeps} sweeps: is the matrix finite?");
                }
                Sweep(d, e, q, low, high);
            }
        }
    }

    /// <summary>The last index of the unreduced block that starts at <paramref name="low"/>.</summary>
    private static int BlockEnd(double[] d, double[] e, int low)
    {
        int high = low;
        while (high < d.Length - 1 && !IsNegligible(e[high], d[high], d[high + 1]))
        {
            high++;
        }
        return high;
    }

    private static bool IsNegligible(double offDiagonal, double left, double right) =>
        Math.Abs(offDiagonal) <= double.Epsilon + (1.1e-16 * (Math.Abs(left) + Math.Abs(right)));

    /// <summary>
    /// One QL sweep with Wilkinson's shift over the block low..high, chasing the bulge upwards.
    /// </summary>
    private static void Sweep(double[] d, double[] e, double[][] q, int low, int high)
    {
        double g = (d[low + 1] - d[low]) / (2 * e[low]);
        double r = double.Hypot(g, 1);
        g = d[high] - d[low] + (e[low] / (g + Math.CopySign(r, g)));
        double sine = 1;
        double cosine = 1;
        double shift = 0;
        for (int i = high - 1; i >= low; i--)
        {
            double f = sine * e[i];
            double b = cosine * e[i];
            r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= shift;
                e[high] = 0;
                return;
            }
            sine = f / r;
            cosine = g / r;
            g = d[i + 1] - shift;
            r = ((d[i] - g) * sine) + (2 * cosine * b);
            shift = sine * r;
            d[i + 1] = g + shift;
            g = (cosine * r) - b;
            Rotate(q[i], q[i + 1], cosine, sine);
        }
        d[low] -= shift;
        e[low] = g;
        e[high] = 0;
    }
}
