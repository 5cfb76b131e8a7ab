using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// Numbers from 0 to 1 that run over a chart: along its axes, round a circle, by radius and angles in discs
/// and balls. Points and surfaces are smooth functions of them. <c>kinds.js</c> of the page has the same.
/// </summary>
internal sealed class ChartParameters
{
    private readonly ChartKind kind;
    private readonly double[] low;
    private readonly double[] high;

    /// <param name="chart">A chart of any kind but <see cref="ChartKind.Surface"/>.</param>
    /// <param name="reach">How far to go along axes that have no end.</param>
    public ChartParameters(Chart chart, double reach)
    {
        kind = chart.Kind;
        low = [.. chart.Axes.Select(axis => double.IsInfinity(axis.Low) ? -reach : axis.Low)];
        high = [.. chart.Axes.Select(axis => double.IsInfinity(axis.High) ? reach : axis.High)];
        IsPeriodic = kind switch
        {
            ChartKind.Box => [.. chart.Axes.Select(axis => axis.IsPeriodic)],
            ChartKind.Circle => [false],
            ChartKind.Disc or ChartKind.Hemispheres => [false, true],
            ChartKind.Ball => [false, false, true],
            _ => throw new ArgumentException($"Charts of the kind {kind} have no parameters of their own."),
        };
    }

    /// <summary>Of each number, whether 0 and 1 are the same.</summary>
    public IReadOnlyList<bool> IsPeriodic { get; }

    /// <summary>The number of parts of the chart that have such numbers of their own.</summary>
    public int Sheets => kind == ChartKind.Hemispheres ? 2 : 1;

    /// <summary>The coordinates of the chart.</summary>
    /// <param name="shares">The numbers, from 0 to 1.</param>
    /// <param name="sheet">Which part of the chart.</param>
    public double[] Coordinates(IReadOnlyList<double> shares, int sheet)
    {
        switch (kind)
        {
            case ChartKind.Circle:
                double angle = 2 * Math.PI * (shares[0] - 0.5);
                return [high[0] * Math.Cos(angle), high[1] * Math.Sin(angle)];
            case ChartKind.Disc:
                return Disc(shares, high[0]);
            case ChartKind.Hemispheres:
                double radius = high[0] / 2;
                double[] place = Disc(shares, radius);
                return [place[0] + (sheet == 0 ? -radius : radius), place[1]];
            case ChartKind.Ball:
                (double polar, double about) = (Math.PI * shares[1], 2 * Math.PI * shares[2]);
                double across = shares[0] * Math.Sin(polar);
                return [high[0] * across * Math.Cos(about), high[1] * across * Math.Sin(about), high[2] * shares[0] * Math.Cos(polar)];
            default:
                return [.. shares.Select((share, i) => low[i] + (share * (high[i] - low[i])))];
        }
    }

    private double[] Disc(IReadOnlyList<double> shares, double radius)
    {
        double angle = 2 * Math.PI * shares[1];
        return [radius * shares[0] * Math.Cos(angle), high[1] * shares[0] * Math.Sin(angle)];
    }
}
