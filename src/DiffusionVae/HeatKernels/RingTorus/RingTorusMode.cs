using static DiffusionVae.HeatKernels.VectorArithmetic;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// The eigenfunctions f(u) cos(kv) and f(u) sin(kv) of the Laplacian of a <see cref="RingTorusShape"/>, for
/// one wave number k and one parity of f, up to a given eigenvalue.
/// </summary>
/// <remarks>
/// f solves -(w f')' / w + (k/w)² f = λ f. With f = g / √w the equation takes Liouville's normal form. On
/// this surface the potential is a multiple of 1/w² and a constant:
/// <code>-g'' + ((k² + (a² - 1)/4) / w² - 1/4) g = λ g,</code>
/// with the measure du. It is discretised by Galerkin's method in cosines (even f) or sines (odd f), where
/// the matrix has a closed form. There is no grid, and so no aliasing.
/// </remarks>
internal sealed class RingTorusMode
{
    private readonly double[][] coefficients;

    /// <summary>Solves the eigenvalue problem.</summary>
    /// <param name="shape">The torus.</param>
    /// <param name="waveNumber">k, at least 0.</param>
    /// <param name="odd">Whether f is odd in u.</param>
    /// <param name="size">The number of basis functions.</param>
    /// <param name="cutoff">Eigenvalues above this one are left out.</param>
    public RingTorusMode(RingTorusShape shape, int waveNumber, bool odd, int size, double cutoff)
    {
        WaveNumber = waveNumber;
        var system = new SymmetricEigensystem(Hamiltonian(shape.Ratio, waveNumber, odd, size));
        int count = 0;
        while (count < size && system.Values[count] <= cutoff)
        {
            count++;
        }
        // The constant function is an eigenfunction, with the eigenvalue zero exactly.
        if (waveNumber == 0 && !odd)
        {
            system.Values[0] = 0;
        }
        Eigenvalues = system.Values[..count];
        coefficients = system.Vectors[..count];
    }

    /// <summary>The wave number k in v.</summary>
    public int WaveNumber { get; }

    /// <summary>The eigenvalues λ of minus the Laplacian, ascending.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>
    /// The basis functions at u: cosines or sines divided by √w. Eigenfunctions are combinations of them.
    /// </summary>
    public static double[] Basis(RingTorusShape shape, double u, bool odd, int size)
    {
        var basis = new double[size];
        double scale = 1 / Math.Sqrt(Math.PI * shape.Width(u));
        for (int i = 0; i < size; i++)
        {
            basis[i] = scale * (odd ? Math.Sin((i + 1) * u) : Math.Cos(i * u));
        }
        basis[0] *= odd ? 1 : Math.Sqrt(0.5);
        return basis;
    }

    /// <summary>
    /// The values of the eigenfunctions f, normalised to ∮ f² w du = 1, where the basis has the given values.
    /// </summary>
    public double[] Evaluate(double[] basis) => Array.ConvertAll(coefficients, row => Dot(row, basis));

    private static double[][] Hamiltonian(double a, int k, bool odd, int size)
    {
        // The Fourier series 1/w² = Σ_l c_|l| cos(lu), c_l = (-z)^l (a + ls) / s³, with s = √(a² - 1), z = a
        // - s.
        double s = Math.Sqrt((a - 1) * (a + 1));
        double strength = ((double)k * k) + (s * s / 4);
        var potential = new double[(2 * size) + 1];
        double power = 1;
        for (int l = 0; l < potential.Length; l++)
        {
            potential[l] = strength * power * (a + (l * s)) / (s * s * s);
            power /= -(a + s);
        }
        int first = odd ? 1 : 0;
        var matrix = new double[size][];
        for (int i = 0; i < size; i++)
        {
            int m = i + first;
            matrix[i] = new double[size];
            for (int j = 0; j < size; j++)
            {
                int n = j + first;
                double sum = potential[m + n];
                double entry = potential[Math.Abs(m - n)] + (odd ? -sum : sum);
                matrix[i][j] = entry * (m == 0 ? Math.Sqrt(0.5) : 1) * (n == 0 ? Math.Sqrt(0.5) : 1);
            }
            matrix[i][i] += ((double)m * m) - 0.25;
        }
        return matrix;
    }
}
