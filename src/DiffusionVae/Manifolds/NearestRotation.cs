namespace DiffusionVae.Manifolds;

/// <summary>The rotation nearest to a 3 × 3 matrix in the Frobenius norm, and its derivative, for one matrix in double precision.</summary>
/// <remarks>
/// R maximises tr(Rᵀ A), a quadratic form qᵀ K q in the unit quaternion q of R, so q is the eigenvector of the greatest eigenvalue of K
/// (Davenport 1968; Horn, J. Opt. Soc. Am. A 4, 629, 1987). That covers det A &lt; 0, where a polar decomposition would reflect, and needs
/// no singular values, whose derivatives do not exist where two of them agree, as they do on SO(3) itself.
/// Matrices are nine numbers, row by row; quaternions (w, x, y, z).
/// </remarks>
internal static class NearestRotation
{
    /// <summary>Entries under which a matrix counts as zero.</summary>
    private const double Vanishing = 1e-12;

    public static void Project(ReadOnlySpan<double> a, Span<double> rotation)
    {
        double norm = 0;
        foreach (double entry in a)
        {
            norm = Math.Max(norm, Math.Abs(entry));
        }
        if (!double.IsFinite(norm))
        {
            rotation.Fill(double.NaN); // caught where losses are checked; no loop below would end well
            return;
        }
        Span<double> k = stackalloc double[16];
        Span<double> q = stackalloc double[4];
        QuadraticForm(a, norm > 0 ? 1 / norm : 0, k);
        GreatestEigenvector.Find(k, q);
        ToMatrix(q, rotation);
    }

    /// <summary>The symmetric K with qᵀ K q = tr(R(q)ᵀ A) · scale.</summary>
    public static void QuadraticForm(ReadOnlySpan<double> a, double scale, Span<double> k)
    {
        k[0] = a[0] + a[4] + a[8];
        k[5] = a[0] - a[4] - a[8];
        k[10] = a[4] - a[0] - a[8];
        k[15] = a[8] - a[0] - a[4];
        k[1] = k[4] = a[7] - a[5];
        k[2] = k[8] = a[2] - a[6];
        k[3] = k[12] = a[3] - a[1];
        k[6] = k[9] = a[1] + a[3];
        k[7] = k[13] = a[2] + a[6];
        k[11] = k[14] = a[5] + a[7];
        for (int i = 0; i < 16; i++)
        {
            k[i] *= scale;
        }
    }

    public static void ToMatrix(ReadOnlySpan<double> q, Span<double> r)
    {
        (double w, double x, double y, double z) = (q[0], q[1], q[2], q[3]);
        double s = 2 / ((w * w) + (x * x) + (y * y) + (z * z));
        (r[0], r[1], r[2]) = (1 - (s * ((y * y) + (z * z))), s * ((x * y) - (w * z)), s * ((x * z) + (w * y)));
        (r[3], r[4], r[5]) = (s * ((x * y) + (w * z)), 1 - (s * ((x * x) + (z * z))), s * ((y * z) - (w * x)));
        (r[6], r[7], r[8]) = (s * ((x * z) - (w * y)), s * ((y * z) + (w * x)), 1 - (s * ((x * x) + (y * y))));
    }

    /// <summary>The 9 × 9 derivative of the projection at <paramref name="a"/>, whose nearest rotation is <paramref name="rotation"/>.</summary>
    /// <remarks>
    /// With S = Rᵀ A symmetric, dR = R [ω]× where (tr S · 1 - S) ω = vee(Rᵀ dA - dAᵀ R). Where that matrix is singular the nearest
    /// rotation is not unique, and the derivative is kept finite by a floor under the matrix.
    /// </remarks>
    public static void Jacobian(ReadOnlySpan<double> a, ReadOnlySpan<double> rotation, Span<double> jacobian)
    {
        if (a.IndexOfAnyExceptInRange(-Vanishing, Vanishing) < 0)
        {
            jacobian.Clear(); // no direction, as at the centre of a sphere
            return;
        }
        Span<double> inverse = stackalloc double[9];
        InverseOfSpread(a, rotation, inverse);
        Span<double> omega = stackalloc double[3];
        for (int row = 0; row < 3; row++)
        {
            // dA with a single entry (row, column): Rᵀ dA has the row'th row of R, as a column, in that column.
            (double r0, double r1, double r2) = (rotation[3 * row], rotation[(3 * row) + 1], rotation[(3 * row) + 2]);
            for (int column = 0; column < 3; column++)
            {
                (double v0, double v1, double v2) = column switch { 0 => (0.0, -r2, r1), 1 => (r2, 0.0, -r0), _ => (-r1, r0, 0.0) };
                for (int i = 0; i < 3; i++)
                {
                    omega[i] = (inverse[3 * i] * v0) + (inverse[(3 * i) + 1] * v1) + (inverse[(3 * i) + 2] * v2);
                }
                for (int i = 0; i < 3; i++)
                {
                    (double p0, double p1, double p2) = (rotation[3 * i], rotation[(3 * i) + 1], rotation[(3 * i) + 2]);
                    int into = (9 * 3 * i) + (3 * row) + column;
                    jacobian[into] = (p1 * omega[2]) - (p2 * omega[1]);
                    jacobian[into + 9] = (p2 * omega[0]) - (p0 * omega[2]);
                    jacobian[into + 18] = (p0 * omega[1]) - (p1 * omega[0]);
                }
            }
        }
    }

    private static void InverseOfSpread(ReadOnlySpan<double> a, ReadOnlySpan<double> r, Span<double> inverse)
    {
        Span<double> s = stackalloc double[9];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                s[(3 * i) + j] = (r[i] * a[j]) + (r[3 + i] * a[3 + j]) + (r[6 + i] * a[6 + j]);
            }
        }
        (double xx, double yy, double zz) = (s[4] + s[8], s[0] + s[8], s[0] + s[4]);
        (double xy, double xz, double yz) = (-(s[1] + s[3]) / 2, -(s[2] + s[6]) / 2, -(s[5] + s[7]) / 2);
        double mean = Math.Max(Math.Max(Math.Abs(xx), Math.Abs(yy)), Math.Max(Math.Abs(zz), 1e-12));
        double determinant = Determinant(xx, yy, zz, xy, xz, yz);
        if (!(determinant > 1e-8 * mean * mean * mean))
        {
            double floor = 1e-3 * mean;
            (xx, yy, zz) = (xx + floor, yy + floor, zz + floor);
            determinant = Math.Max(Determinant(xx, yy, zz, xy, xz, yz), 1e-9 * mean * mean * mean);
        }
        (inverse[0], inverse[4], inverse[8]) = (((yy * zz) - (yz * yz)) / determinant, ((xx * zz) - (xz * xz)) / determinant, ((xx * yy) - (xy * xy)) / determinant);
        inverse[1] = inverse[3] = ((xz * yz) - (xy * zz)) / determinant;
        inverse[2] = inverse[6] = ((xy * yz) - (xz * yy)) / determinant;
        inverse[5] = inverse[7] = ((xy * xz) - (xx * yz)) / determinant;
    }

    private static double Determinant(double xx, double yy, double zz, double xy, double xz, double yz) =>
        (xx * ((yy * zz) - (yz * yz))) - (xy * ((xy * zz) - (xz * yz))) + (xz * ((xy * yz) - (xz * yy)));
}
