namespace DiffusionVae.Cli.Reproduction;

/// <summary>The mean and standard deviation of a number over several runs.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation, whose divisor is the number of runs minus 1; NaN for a
/// single run.</param>
internal readonly record struct MeanAndDeviation(double Mean, double Deviation)
{
    public static MeanAndDeviation Compute(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new MeanAndDeviation(mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1)) : double.NaN);
    }
}
