using static DiffusionVae.HeatKernels.VectorArithmetic;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of a <see cref="RingTorusShape"/>, computed from its eigenfunctions for the times of one
/// octave.
/// </summary>
/// <remarks>
/// <para>
/// q = Σ_k Σ_j c_k f_kj(u1) f_kj(u2) cos(k dv) exp(-λ_kj t / 2) / (2π / m), with c_0 = 1 and c_k = 2
/// otherwise. k runs over the multiples of the stride m. With m = 1 this is the torus itself. With m > 1 it
/// is the quotient of the torus by the rotation through 2π / m, which has m times fewer modes. Its kernel is
/// the same as long as heat has not gone around the quotient. The largest such m is used: the number of wave
/// numbers is then bounded, whatever the time and however thin the tube.
/// </para>
/// <para>Terms smaller than exp(-30) of the largest are left out.</para>
/// </remarks>
internal sealed class RingTorusSpectrum
{
    /// <summary>Terms with (λ - λ_1) t / 2 above this exponent are dropped.</summary>
    private const double CutoffExponent = 30;

    /// <summary>
    /// The least length of a quotient's loops in units of √t. Heat gets half way with probability
    /// exp(-(14/2)² / 2).
    /// </summary>
    private const double LoopLength = 14;

    /// <summary>
    /// The grids' spacing in units of √t. They alias the Gaussian's frequency 2π / spacing, which is damped
    /// by exp(-30).
    /// </summary>
    private const double GridSpacing = 0.8;

    private readonly RingTorusShape shape;
    private readonly int stride;
    private readonly int size;
    private readonly double gap;

    /// <summary>Even and odd functions of u in turn, two for each wave number.</summary>
    private readonly List<RingTorusMode> modes = [];

    /// <summary>
    /// Area elements on the half circle of u, the eigenfunctions there by mode, and cosines on half a period
    /// of v.
    /// </summary>
    private readonly double[] gridWeights;
    private readonly double[][][] gridValues;
    private readonly double[][] gridCosines;

    /// <summary>Solves for the modes that are not negligible from a time on.</summary>
    /// <param name="shape">The torus.</param>
    /// <param name="earliest">The smallest time; the largest is twice that.</param>
    public RingTorusSpectrum(RingTorusShape shape, double earliest)
    {
        this.shape = shape;
        double a = shape.Ratio;
        double latest = 2 * earliest;
        stride = Math.Max(1, (int)(2 * Math.PI * (a - 1) / (LoopLength * Math.Sqrt(latest))));

        // The first eigenvalue is at most the Rayleigh quotient of cos v, mean(1/w) / mean(w).
        double cutoff = (1 / (a * Math.Sqrt((a - 1) * (a + 1)))) + (2 * CutoffExponent / earliest);
        size = BasisSize(a, cutoff);
        for (int k = 0; ; k += stride)
        {
            var even = new RingTorusMode(shape, k, odd: false, size, cutoff);
            if (even.Eigenvalues.Length == 0)
            {
                break;
            }
            modes.Add(even);
            modes.Add(new RingTorusMode(shape, k, odd: true, size, cutoff));
        }
        gap = modes.SelectMany(mode => mode.Eigenvalues).Where(value => value > 0).Min();

        // Midpoints of the half circles: both integrands are even.
        int rows = Math.Max(24 + (size / 2), (int)Math.Ceiling(Math.PI / (GridSpacing * Math.Sqrt(earliest))));
        double[] grid = [.. Enumerable.Range(0, rows).Select(i => Math.PI * (i + 0.5) / rows)];
        gridWeights = [.. grid.Select(u => shape.Width(u) / (2 * a * rows))];
        double[][][] bases = Array.ConvertAll(grid, Bases);
        gridValues = [.. modes.Select((mode, index) => Array.ConvertAll(bases, pair => mode.Evaluate(pair[index % 2])))];
        int columns = Math.Max(24, (int)Math.Ceiling(Math.PI * (a + 1) / (stride * GridSpacing * Math.Sqrt(earliest))));
        gridCosines = [.. Enumerable.Range(0, modes.Count / 2).Select(k => Cosines(k, columns))];
    }

    /// <summary>
    /// The density with respect to area. Below 1e-11 of its maximum it is rounding error and may be negative.
    /// </summary>
    public double Density(double time, double u1, double u2, double deltaV)
    {
        // On a quotient, heat has not spread further than half a period yet.
        double angle = Math.IEEERemainder(deltaV, 2 * Math.PI);
        if (Math.Abs(angle) * stride > Math.PI)
        {
            return 0;
        }
        double[][] first = Bases(u1);
        double[][] second = Bases(u2);
        double sum = 0;
        for (int index = 0; index < modes.Count; index++)
        {
            RingTorusMode mode = modes[index];
            double[] f1 = mode.Evaluate(first[index % 2]);
            double[] f2 = mode.Evaluate(second[index % 2]);
            double part = 0;
            for (int j = 0; j < f1.Length; j++)
            {
                part += f1[j] * f2[j] * Math.Exp(-mode.Eigenvalues[j] * time / 2);
            }
            sum += part * Multiplicity(mode) * Math.Cos(mode.WaveNumber * angle);
        }
        return sum * stride / (2 * Math.PI);
    }

    /// <summary>The logarithm of the divergence at u, finite however small the divergence.</summary>
    /// <remarks>
    /// With e = q Area - 1, whose mean is 0, KL is the mean of (1 + e) log(1 + e) - e, which is nowhere
    /// negative. The decay exp(-gap t / 2) of e is split off, so that large times neither cancel nor
    /// underflow. The area of a quotient is m times smaller, and its divergence less by log m.
    /// </remarks>
    public double LogDivergence(double time, double u)
    {
        (double[][] even, double[][] odd) = GridRows(time, u);
        double decay = Math.Exp(-gap * time / 2);
        double mean = 0;
        var evenSums = new double[gridCosines[0].Length];
        var oddSums = new double[evenSums.Length];
        for (int i = 0; i < gridWeights.Length; i++)
        {
            Array.Clear(evenSums);
            Array.Clear(oddSums);
            for (int k = 0; k < gridCosines.Length; k++)
            {
                AddScaled(evenSums, even[k][i], gridCosines[k]);
                AddScaled(oddSums, odd[k][i], gridCosines[k]);
            }
            double row = 0;
            for (int j = 0; j < evenSums.Length; j++)
            {
                row += RelativeEntropy.OfScaledExcess(evenSums[j] + oddSums[j], decay)
                    + RelativeEntropy.OfScaledExcess(evenSums[j] - oddSums[j], decay);
            }
            mean += gridWeights[i] * row / evenSums.Length;
        }
        return stride == 1 ? Math.Log(mean) - (gap * time) : Math.Log((mean * decay * decay) + Math.Log(stride));
    }

    /// <summary>
    /// The coefficient of cos(kv) in e exp(gap t / 2), at the grid's points, split by parity in their u.
    /// </summary>
    private (double[][] Even, double[][] Odd) GridRows(double time, double u)
    {
        double[][] bases = Bases(u);
        var parities = new[] { new double[gridCosines.Length][], new double[gridCosines.Length][] };
        for (int index = 0; index < modes.Count; index++)
        {
            RingTorusMode mode = modes[index];
            double[] weights = mode.Evaluate(bases[index % 2]);
            for (int j = 0; j < weights.Length; j++)
            {
                bool constant = mode.Eigenvalues[j] == 0;
                double decay = Math.Exp(-(mode.Eigenvalues[j] - gap) * time / 2);
                weights[j] *= constant ? 0 : shape.Area / (2 * Math.PI) * Multiplicity(mode) * decay;
            }
            var row = new double[gridWeights.Length];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = Dot(weights, gridValues[index][i]);
            }
            parities[index % 2][index / 2] = row;
        }
        return (parities[0], parities[1]);
    }

    /// <summary>The values at u of the even and of the odd basis.</summary>
    private double[][] Bases(double u) => [RingTorusMode.Basis(shape, u, odd: false, size), RingTorusMode.Basis(shape, u, odd: true, size)];

    private static double Multiplicity(RingTorusMode mode) => mode.WaveNumber == 0 ? 1 : 2;

    private static double[] Cosines(int k, int columns) =>
        [.. Enumerable.Range(0, columns).Select(i => Math.Cos(k * Math.PI * (i + 0.5) / columns))];

    /// <summary>
    /// Cosines up to the frequency √cutoff, and as many more as the Fourier series of 1/w² needs to decay.
    /// </summary>
    private static int BasisSize(double a, double cutoff) => (int)Math.Ceiling(Math.Sqrt(cutoff) + 10 + (10 / Math.Acosh(a)));
}
