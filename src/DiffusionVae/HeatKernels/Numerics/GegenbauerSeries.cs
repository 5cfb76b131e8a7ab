namespace DiffusionVae.HeatKernels;

/// <summary>
/// The spectral series of the heat kernel on the unit sphere S^d or, with even terms only, on the projective
/// space that it covers: q_t Vol(M) - 1 = Σ_{n≥1} m_n exp(-n (n + d - 1) t / 2) C_n(cos a) / C_n(1). C_n is
/// the Gegenbauer polynomial of index (d - 1) / 2, m_n the number of spherical harmonics of degree n.
/// </summary>
internal sealed class GegenbauerSeries
{
    private readonly int dimension;
    private readonly bool evenOnly;

    public GegenbauerSeries(int dimension, bool evenOnly = false)
    {
        this.dimension = dimension;
        this.evenOnly = evenOnly;
        Crossover = FindCrossover();
    }

    /// <summary>
    /// The time when the density at the pole has fallen to twice the uniform one. From then on the series
    /// loses no digits anywhere: no term exceeds 1, and the density at the antipode is not small compared
    /// with 1.
    /// </summary>
    public double Crossover { get; }

    /// <summary>
    /// q_t Vol(M) - 1 at an angle. Its absolute error is a few units in the last place of the value at the
    /// pole.
    /// </summary>
    public double Excess(double time, double angle)
    {
        // P_n = C_n(x) / C_n(1) by (n + d - 1) P_{n+1} = (2n + d - 1) x P_n - n P_{n-1}; |P_n| is at most 1.
        double x = Math.Cos(angle);
        double previous = 1;
        double current = x;
        double sum = 0;
        double peak = 0;
        foreach ((int n, double weight) in Weights(time))
        {
            if (Included(n))
            {
                sum += weight * current;
                peak += weight;
                if (weight <= 1e-18 * peak)
                {
                    break;
                }
            }
            (previous, current) = (current, ((((2 * n) + dimension - 1) * x * current) - (n * previous)) / (n + dimension - 1));
        }
        return sum;
    }

    /// <summary>
    /// Logarithm of the excess at the pole, where it is largest. It does not underflow. Use it for times near
    /// the crossover and later.
    /// </summary>
    public double LogPeakExcess(double time)
    {
        int first = evenOnly ? 2 : 1;
        double sum = 0;
        double scale = 0;
        foreach ((int n, double weight) in Weights(time, -Eigenvalue(first) * time / 2))
        {
            if (!Included(n))
            {
                continue;
            }
            sum += weight;
            if (weight < 1e-18 * sum && weight < scale)
            {
                break;
            }
            scale = weight;
        }
        return Math.Log(sum) - (Eigenvalue(first) * time / 2);
    }

    private bool Included(int n) => !evenOnly || int.IsEvenInteger(n);

    private double Eigenvalue(int n) => (double)n * (n + dimension - 1);

    /// <summary>The weights m_n exp(-λ_n t / 2 - logScale), n = 1, 2, ...</summary>
    private IEnumerable<(int N, double Weight)> Weights(double time, double logScale = 0)
    {
        // m_n = (2n + d - 1) / (d - 1) binom(n + d - 2, n); on the circle 2.
        double binomial = 1;
        for (int n = 1; ; n++)
        {
            binomial *= (n + dimension - 2.0) / n;
            double multiplicity = dimension == 1 ? 2 : ((2.0 * n) + dimension - 1) / (dimension - 1) * binomial;
            yield return (n, multiplicity * Math.Exp((-Eigenvalue(n) * time / 2) - logScale));
        }
    }

    private double FindCrossover()
    {
        double late = 8;
        double early = late / 2;
        while (LogPeakExcess(early) < 0)
        {
            (late, early) = (early, early / 2);
        }
        for (int i = 0; i < 30; i++)
        {
            double middle = (early + late) / 2;
            (early, late) = LogPeakExcess(middle) < 0 ? (early, middle) : (middle, late);
        }
        return late;
    }
}
