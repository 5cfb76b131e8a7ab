namespace DiffusionVae.Manifolds;

/// <summary>
/// The rotation nearest to a 3 × 3 matrix in the Frobenius norm, and its derivative, for one matrix in double
/// precision.
/// </summary>
/// <remarks>
/// R maximises tr(Rᵀ A), a quadratic form qᵀ K q in the unit quaternion q of R, so q is the eigenvector of
/// the greatest eigenvalue of K (Davenport 1968; Horn, J. Opt. Soc. Am. A 4, 629, 1987). That covers det A
/// &lt; 0, where a polar decomposition would reflect, and needs no singular values, whose derivatives do not
/// exist where two of them agree, as they do on SO(3) itself. Matrices are nine numbers, row by row;
/// quaternions (w, x, y, z).
/// </remarks>
internal static class NearestRotation
{
    /// <summary>The source of the method.</summary>
    public static ManifoldReference Reference { get; } = new()
    {
        Topic = "the nearest rotation, by quaternions",
        BibTex = """
            @article{horn1987orientation,
              title   = {Closed-Form Solution of Absolute Orientation Using Unit Quaternions},
              author  = {Horn, Berthold K. P.},
              journal = {Journal of the Optical Society of America A},
              volume  = {4},
              number  = {4},
              pages   = {629--642},
              year    = {1987}
            }
            """,
    };

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

    /// <summary>
    /// Takes a gradient at the rotation nearest to <paramref name="a"/> back to a, in place: the transpose of
    /// the derivative.
    /// </summary>
    /// <remarks>
    /// With S = Rᵀ A symmetric, dR = R [ω]× where (tr S · 1 - S) ω = vee(Rᵀ dA - dAᵀ R), and that matrix is
    /// symmetric, so G goes to R [η]× with (tr S · 1 - S) η = vee(Rᵀ G - Gᵀ R). Where it is singular the
    /// nearest rotation is not unique, and the derivative is kept finite by a floor under the matrix.
    /// </remarks>
    public static void PullBack(ReadOnlySpan<double> a, ReadOnlySpan<double> rotation, Span<double> gradient)
    {
        if (a.IndexOfAnyExceptInRange(-Vanishing, Vanishing) < 0)
        {
            gradient.Clear(); // no direction, as at the centre of a sphere
            return;
        }
        Span<double> inverse = stackalloc double[9];
        InverseOfSpread(a, rotation, inverse);
        (double vx, double vy, double vz) = (0, 0, 0);
        for (int row = 0; row < 9; row += 3)
        {
            (double rx, double ry, double rz) = (rotation[row], rotation[row + 1], rotation[row + 2]);
            (double gx, double gy, double gz) = (gradient[row], gradient[row + 1], gradient[row + 2]);
            (vx, vy, vz) = (vx + (rz * gy) - (ry * gz), vy + (rx * gz) - (rz * gx), vz + (ry * gx) - (rx * gy));
        }
        double x = (inverse[0] * vx) + (inverse[1] * vy) + (inverse[2] * vz);
        double y = (inverse[3] * vx) + (inverse[4] * vy) + (inverse[5] * vz);
        double z = (inverse[6] * vx) + (inverse[7] * vy) + (inverse[8] * vz);
        for (int row = 0; row < 9; row += 3)
        {
            (double rx, double ry, double rz) = (rotation[row], rotation[row + 1], rotation[row + 2]);
            (gradient[row], gradient[row + 1], gradient[row + 2]) = ((ry * z) - (rz * y), (rz * x) - (rx * z), (rx * y) - (ry * x));
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
        double scale = 1 / determinant;
        (inverse[0], inverse[4], inverse[8]) =
            (scale * ((yy * zz) - (yz * yz)), scale * ((xx * zz) - (xz * xz)), scale * ((xx * yy) - (xy * xy)));
        inverse[1] = inverse[3] = scale * ((xz * yz) - (xy * zz));
        inverse[2] = inverse[6] = scale * ((xy * yz) - (xz * yy));
        inverse[5] = inverse[7] = scale * ((xy * xz) - (xx * yz));
    }

    private static double Determinant(double xx, double yy, double zz, double xy, double xz, double yz) =>
        (xx * ((yy * zz) - (yz * yz))) - (xy * ((xy * zz) - (xz * yz))) + (xz * ((xy * yz) - (xz * yy)));
}
