namespace DiffusionVae.Cli.Reproduction;

/// <summary>A number over several runs.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (dividing by one less than their number); NaN for a single run.</param>
internal readonly record struct MeanAndDeviation(double Mean, double Deviation)
{
    public static MeanAndDeviation Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return new MeanAndDeviation(mean, values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) : double.NaN);
    }
}
