using static DiffusionVae.HeatKernels.VectorArithmetic;

namespace DiffusionVae.HeatKernels;

/// <summary>The heat kernel of a <see cref="RingTorusShape"/> by its eigenfunctions, for the times of one octave.</summary>
/// <remarks>
/// <para>
/// q = sum over k and j of c_k f_kj(u1) f_kj(u2) cos(k dv) exp(-lambda_kj t / 2) / (2 pi / m), with c_0 = 1 and c_k = 2 otherwise,
/// where k runs over the multiples of the stride m. With m = 1 this is the torus itself. With m more than 1 it is the torus divided by
/// the rotation through 2 pi / m, which has m times fewer modes and, as long as heat has not got around the quotient, the same kernel.
/// The largest such m is taken: the number of wave numbers is then bounded whatever the time and however thin the tube.
/// </para>
/// <para>Terms smaller than exp(-30) of the largest are left out.</para>
/// </remarks>
internal sealed class RingTorusSpectrum
{
    /// <summary>Terms with (lambda - lambda_1) t / 2 above this exponent are dropped.</summary>
    private const double CutoffExponent = 30;

    /// <summary>The least length of a quotient's loops in units of sqrt(t): heat gets half way with probability exp(-(14/2)^2 / 2).</summary>
    private const double LoopLength = 14;

    /// <summary>The grids' spacing in units of sqrt(t): the Gaussian's frequency 2 pi / spacing, which they alias, is damped by exp(-30).</summary>
    private const double GridSpacing = 0.8;

    private readonly RingTorusShape shape;
    private readonly int stride;
    private readonly int size;
    private readonly double gap;

    /// <summary>Even and odd functions of u in turn, two for each wave number.</summary>
    private readonly List<RingTorusMode> modes = [];

    /// <summary>Area elements on the half circle of u, the eigenfunctions there by mode, and cosines on half a period of v.</summary>
    private readonly double[] gridWeights;
    private readonly double[][][] gridValues;
    private readonly double[][] gridCosines;

    /// <summary>Solves for the modes that matter from a time on.</summary>
    /// <param name="shape">The torus.</param>
    /// <param name="earliest">The earliest time asked for; the latest is twice as late.</param>
    public RingTorusSpectrum(RingTorusShape shape, double earliest)
    {
        this.shape = shape;
        double a = shape.Ratio;
        double latest = 2 * earliest;
        stride = Math.Max(1, (int)(2 * Math.PI * (a - 1) / (LoopLength * Math.Sqrt(latest))));

        // cos v has the Rayleigh quotient mean(1/w) / mean(w), an upper bound for the first eigenvalue.
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

    /// <summary>The density with respect to area; not resolved, and possibly negative, below 1e-11 of its maximum.</summary>
    public double Density(double time, double u1, double u2, double deltaV)
    {
        // On a quotient, heat has not come further than half a period yet.
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
    /// With e = q Area - 1, whose mean vanishes, KL is the mean of (1 + e) log(1 + e) - e = e^2 psi(e), which is nowhere negative.
    /// The decay exp(-gap t / 2) of e is split off, so that large times neither cancel nor underflow. A quotient has an m times smaller
    /// area, and log m less divergence.
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
                row += RelativeEntropy(evenSums[j] + oddSums[j], decay) + RelativeEntropy(evenSums[j] - oddSums[j], decay);
            }

            mean += gridWeights[i] * row / evenSums.Length;
        }

        return stride == 1 ? Math.Log(mean) - (gap * time) : Math.Log((mean * decay * decay) + Math.Log(stride));
    }

    /// <summary>The part of e exp(gap t / 2) that goes with cos(kv), at the grid's points, split by parity in their u.</summary>
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
                weights[j] *= constant ? 0 : this.shape.Area / (2 * Math.PI) * Multiplicity(mode) * Math.Exp(-(mode.Eigenvalues[j] - gap) * time / 2);
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

    /// <summary>psi(e) epsilon^2 for e = decay epsilon and psi(e) = ((1 + e) log(1 + e) - e) / e^2.</summary>
    private static double RelativeEntropy(double epsilon, double decay)
    {
        double e = decay * epsilon;
        if (Math.Abs(e) > 0.02)
        {
            double ratio = 1 + e;
            return ((ratio > 0 ? ratio * Math.Log(ratio) : 0) - e) / (decay * decay);
        }

        // Cancellation spoils the closed form near zero; the series is good to 1e-13 here.
        double psi = (1.0 / 2) - (e * ((1.0 / 6) - (e * ((1.0 / 12) - (e * ((1.0 / 20) - (e * ((1.0 / 30) - (e * ((1.0 / 42) - (e / 56)))))))))));
        return psi * epsilon * epsilon;
    }

    /// <summary>The values at u of the even and of the odd basis.</summary>
    private double[][] Bases(double u) => [RingTorusMode.Basis(this.shape, u, odd: false, size), RingTorusMode.Basis(this.shape, u, odd: true, size)];

    private static double Multiplicity(RingTorusMode mode) => mode.WaveNumber == 0 ? 1 : 2;

    private static double[] Cosines(int k, int columns) => [.. Enumerable.Range(0, columns).Select(i => Math.Cos(k * Math.PI * (i + 0.5) / columns))];

    /// <summary>Cosines up to the frequency sqrt(cutoff), and as many more as the Fourier series of 1/w^2 needs to die down.</summary>
    private static int BasisSize(double a, double cutoff) => (int)Math.Ceiling(Math.Sqrt(cutoff) + 10 + (10 / Math.Acosh(a)));
}
