namespace DiffusionVae.Manifolds;

/// <summary>
/// The eigenvector of the greatest eigenvalue of a symmetric 4 × 4 matrix of trace zero; any one, if there
/// are several.
/// </summary>
/// <remarks>Matrices are sixteen numbers, row by row. The vector found is not of unit length.</remarks>
internal static class GreatestEigenvector
{
    /// <summary>
    /// Below this share of the trace, K has no single greatest eigenvalue and every choice is as near:
    /// Newton's method gives way to Jacobi's.
    /// </summary>
    private const double Separated = 1e-4;

    public static void Find(ReadOnlySpan<double> k, Span<double> q)
    {
        if (!ByNewton(k, q))
        {
            ByJacobi(k, q);
        }
    }

    /// <summary>
    /// Newton's method from above on the characteristic polynomial, which is convex there (Theobald, Acta
    /// Cryst. A 61, 478, 2005), and the eigenvector as a column of the adjugate of K - λ.
    /// </summary>
    private static bool ByNewton(ReadOnlySpan<double> k, Span<double> q)
    {
        double square = 0;
        foreach (double entry in k)
        {
            square += entry * entry;
        }
        Span<double> adjugate = stackalloc double[16];
        Adjugate(k, 0, adjugate);
        // The trace of K is zero: λ⁴ + c2 λ² + c1 λ + c0. Its roots' squares sum to `square`, so none exceeds
        // sqrt(3/4 square).
        double c2 = -square / 2, c1 = -(adjugate[0] + adjugate[5] + adjugate[10] + adjugate[15]);
        double c0 = (k[0] * adjugate[0]) + (k[1] * adjugate[1]) + (k[2] * adjugate[2]) + (k[3] * adjugate[3]);
        double bound = Math.Sqrt(0.75 * square), lambda = bound, leastSlope = Separated * bound * bound * bound;
        for (int step = 0; step < 40; step++)
        {
            double slope = (((4 * lambda * lambda) + (2 * c2)) * lambda) + c1;
            if (!(slope > leastSlope))
            {
                return false;
            }
            double change = ((((((lambda * lambda) + c2) * lambda) + c1) * lambda) + c0) / slope;
            lambda -= change;
            if (Math.Abs(change) <= 1e-9 * bound)
            {
                Adjugate(k, lambda, adjugate);
                LongestColumn(adjugate, q);
                return true;
            }
        }
        return false;
    }

    private static void LongestColumn(ReadOnlySpan<double> adjugate, Span<double> q)
    {
        int best = 0;
        for (int i = 1; i < 4; i++)
        {
            best = Math.Abs(adjugate[5 * i]) > Math.Abs(adjugate[5 * best]) ? i : best;
        }
        adjugate.Slice(4 * best, 4).CopyTo(q);
    }

    /// <summary>
    /// The adjugate of the symmetric K - λ, from the 2 × 2 minors of its upper and of its lower half.
    /// </summary>
    private static void Adjugate(ReadOnlySpan<double> k, double lambda, Span<double> adj)
    {
        (double a, double b, double c, double d) = (k[0] - lambda, k[1], k[2], k[3]);
        (double e, double f, double g) = (k[5] - lambda, k[6], k[7]);
        (double h, double i, double j) = (k[10] - lambda, k[11], k[15] - lambda);
        (double s0, double s1, double s2) = ((a * e) - (b * b), (a * f) - (b * c), (a * g) - (b * d));
        (double s3, double s4, double s5) = ((b * f) - (e * c), (b * g) - (e * d), (c * g) - (f * d));
        (double t1, double t2, double t3) = ((c * i) - (d * h), (c * j) - (d * i), (f * i) - (g * h));
        (double t4, double t5) = ((f * j) - (g * i), (h * j) - (i * i));
        adj[0] = (e * t5) - (f * t4) + (g * t3);
        adj[5] = (a * t5) - (c * t2) + (d * t1);
        adj[10] = (d * s4) - (g * s2) + (j * s0);
        adj[15] = (c * s3) - (f * s1) + (h * s0);
        adj[1] = adj[4] = (c * t4) - (b * t5) - (d * t3);
        adj[2] = adj[8] = (g * s5) - (i * s4) + (j * s3);
        adj[3] = adj[12] = (h * s4) - (f * s5) - (i * s3);
        adj[6] = adj[9] = (i * s2) - (d * s5) - (j * s1);
        adj[7] = adj[13] = (c * s5) - (h * s2) + (i * s1);
        adj[11] = adj[14] = (f * s2) - (c * s4) - (i * s0);
    }

    /// <summary>
    /// Cyclic Jacobi rotations: any eigenvector of the greatest eigenvalue, however many there are.
    /// </summary>
    private static void ByJacobi(ReadOnlySpan<double> k, Span<double> q)
    {
        Span<double> m = stackalloc double[16];
        Span<double> vectors = stackalloc double[16];
        k.CopyTo(m);
        vectors.Clear();
        for (int i = 0; i < 4; i++)
        {
            vectors[5 * i] = 1;
        }
        for (int sweep = 0; sweep < 20; sweep++)
        {
            for (int row = 0; row < 3; row++)
            {
                for (int column = row + 1; column < 4; column++)
                {
                    Rotate(m, vectors, row, column);
                }
            }
        }
        int best = 0;
        for (int i = 1; i < 4; i++)
        {
            best = m[5 * i] > m[5 * best] ? i : best;
        }
        for (int i = 0; i < 4; i++)
        {
            q[i] = vectors[(4 * i) + best];
        }
    }

    private static void Rotate(Span<double> m, Span<double> vectors, int p, int q)
    {
        double across = m[(4 * p) + q];
        if (across == 0)
        {
            return;
        }
        double theta = (m[5 * q] - m[5 * p]) / (2 * across);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double cos = 1 / Math.Sqrt((t * t) + 1), sin = t * cos;
        for (int i = 0; i < 4; i++)
        {
            (m[(4 * i) + p], m[(4 * i) + q]) =
                ((cos * m[(4 * i) + p]) - (sin * m[(4 * i) + q]), (sin * m[(4 * i) + p]) + (cos * m[(4 * i) + q]));
        }
        for (int i = 0; i < 4; i++)
        {
            (m[(4 * p) + i], m[(4 * q) + i]) =
                ((cos * m[(4 * p) + i]) - (sin * m[(4 * q) + i]), (sin * m[(4 * p) + i]) + (cos * m[(4 * q) + i]));
            (vectors[(4 * i) + p], vectors[(4 * i) + q]) =
                ((cos * vectors[(4 * i) + p]) - (sin * vectors[(4 * i) + q]), (sin * vectors[(4 * i) + p]) + (cos * vectors[(4 * i) + q]));
        }
    }
}
