namespace DiffusionVae.HeatKernels;

/// <summary>
/// A table of the quantiles of the distance that Brownian motion travels, for any time. It interpolates in
/// two variables.
/// </summary>
/// <remarks>
/// The table holds log tan(πa / (2D)) - log(t) / 2, with a the angle and D its largest value. Its grid is
/// uniform in logit u = log(u / (1 - u)) and in log(1 + t / t₀). In these variables nothing is singular. For
/// short times space is flat, and the distance is proportional to √t. Where the angle nears 0 or D, the
/// probability on that side is a power of the remaining angle, which is a straight line here. Interpolation
/// is by polynomials of degree seven in each variable.
/// </remarks>
internal sealed class RadialQuantileTable
{
    private const int Points = 8;
    private const double LogitLimit = 37;
    private const double LogitStep = 0.25;
    private const double TimeStep = 1.0 / 24;

    /// <summary>Used instead of the time 0 in the first row. Space is flat there, up to rounding.</summary>
    private const double VanishingTime = 1e-10;

    private readonly double largestAngle;
    private readonly double timeScale;
    private readonly double longestTime;
    private readonly int times;
    private readonly int logits;
    private readonly double[] values;

    public RadialQuantileTable(RadialHeatKernel kernel)
    {
        largestAngle = kernel.LargestAngle;
        timeScale = kernel.Crossover / 50;
        times = (int)Math.Ceiling(Math.Log(1 + (30 * kernel.Crossover / timeScale)) / TimeStep) + 1;

        // At least thirty crossovers: by then the excess over the uniform density is below 1e-9.
        longestTime = TimeAt(times - 1);
        logits = (int)Math.Round(2 * LogitLimit / LogitStep) + 1;
        values = new double[times * logits];
        for (int i = 0; i < times; i++)
        {
            double unitTime = Math.Max(TimeAt(i), VanishingTime);
            RadialDistribution distribution = kernel.At(unitTime * kernel.Radius * kernel.Radius);
            for (int j = 0; j < logits; j++)
            {
                double logit = -LogitLimit + (j * LogitStep);
                double angle = distribution.Angle(1 / (1 + Math.Exp(-logit)), 1 / (1 + Math.Exp(logit)));
                values[(i * logits) + j] = Math.Log(Math.Tan(Math.PI * angle / (2 * largestAngle))) - (Math.Log(unitTime) / 2);
            }
        }
    }

    /// <summary>
    /// The angle that is not exceeded with probability u after a time, on the space of radius 1.
    /// </summary>
    public double Angle(double unitTime, double uniform)
    {
        Guard.Between(uniform, 0, 1);
        double time = Math.Min(unitTime, longestTime);
        double logit = Math.Clamp(Math.Log(uniform) - Math.Log(1 - uniform), -LogitLimit, LogitLimit);
        Span<double> timeWeights = stackalloc double[Points];
        Span<double> logitWeights = stackalloc double[Points];
        int firstTime = Weigh(Log1p.Compute(time / timeScale) / TimeStep, times, timeWeights);
        int firstLogit = Weigh((logit + LogitLimit) / LogitStep, logits, logitWeights);
        double sum = 0;
        for (int i = 0; i < Points; i++)
        {
            ReadOnlySpan<double> row = values.AsSpan(((firstTime + i) * logits) + firstLogit, Points);
            double inner = 0;
            for (int j = 0; j < Points; j++)
            {
                inner += logitWeights[j] * row[j];
            }
            sum += timeWeights[i] * inner;
        }
        return 2 * largestAngle / Math.PI * Math.Atan(Math.Sqrt(time) * Math.Exp(sum));
    }

    private double TimeAt(int row) => timeScale * (Math.Exp(row * TimeStep) - 1);

    /// <summary>
    /// Lagrange weights of the points around a position on a grid of unit spacing. Returns the first of these
    /// points.
    /// </summary>
    private static int Weigh(double position, int count, Span<double> weights)
    {
        position = Math.Clamp(position, 0, count - 1);
        int first = Math.Clamp((int)position - (Points / 2) + 1, 0, count - Points);
        double local = position - first;
        for (int i = 0; i < Points; i++)
        {
            double weight = 1;
            for (int k = 0; k < Points; k++)
            {
                if (k != i)
                {
                    weight *= (local - k) / (i - k);
                }
            }
            weights[i] = weight;
        }
        return first;
    }
}
