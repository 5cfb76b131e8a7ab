namespace DiffusionVae.HeatKernels;

/// <summary>
/// The spectral series of the heat kernel on the unit sphere S^d or, with even terms only, on the projective space it covers:
/// q_t Vol(M) - 1 = sum over n of m_n exp(-n (n + d - 1) t / 2) C_n(cos a) / C_n(1), with C_n the Gegenbauer polynomial of index (d-1)/2 and m_n the
/// number of spherical harmonics of degree n.
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
    /// The time when the density at the pole has come down to twice the uniform one. From there on the series loses no digits anywhere: no term
    /// exceeds 1, and the density at the antipode is still a fair part of 1.
    /// </summary>
    public double Crossover { get; }

    /// <summary>q_t Vol(M) - 1 at an angle, to an absolute error of a few units in the last place of its value at the pole.</summary>
    public double Excess(double time, double angle)
    {
        // P_n = C_n(x) / C_n(1) by (n + d - 1) P_(n+1) = (2 n + d - 1) x P_n - n P_(n-1); |P_n| is at most 1.
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

            (previous, current) = (current, ((((2 * n) + this.dimension - 1) * x * current) - (n * previous)) / (n + this.dimension - 1));
        }

        return sum;
    }

    /// <summary>
    /// Logarithm of the excess at the pole, which is the largest; it does not underflow. Meant for times near the crossover and later.
    /// </summary>
    public double LogPeakExcess(double time)
    {
        int first = this.evenOnly ? 2 : 1;
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

    private bool Included(int n) => !this.evenOnly || int.IsEvenInteger(n);

    private double Eigenvalue(int n) => (double)n * (n + this.dimension - 1);

    /// <summary>The weights m_n exp(-lambda_n t / 2 - logScale), n = 1, 2, ...</summary>
    private IEnumerable<(int N, double Weight)> Weights(double time, double logScale = 0)
    {
        // m_n = (2 n + d - 1) / (d - 1) binom(n + d - 2, n); on the circle 2.
        double binomial = 1;
        for (int n = 1; ; n++)
        {
            binomial *= (n + this.dimension - 2.0) / n;
            double multiplicity = this.dimension == 1 ? 2 : ((2.0 * n) + this.dimension - 1) / (this.dimension - 1) * binomial;
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
