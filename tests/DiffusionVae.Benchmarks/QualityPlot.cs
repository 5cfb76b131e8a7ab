using System.Globalization;
using System.Text;

namespace DiffusionVae.Benchmarks;

/// <summary>Curves of the ELBO against seconds, with the goal as a dashed line.</summary>
internal static class QualityPlot
{
    private const double Width = 640;
    private const double Height = 400;
    private const double Margin = 56;
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73"];

    public static string Svg(string title, double goal, IReadOnlyDictionary<string, List<QualityPoint>> curves)
    {
        double longest = curves.Values.SelectMany(curve => curve).Max(point => point.Seconds);
        // The first epochs are far below; what matters is the last nats.
        (double low, double high) = (goal - 4, goal + 0.5);
        string X(double seconds) => Number(Margin + ((Width - (2 * Margin)) * seconds / longest));
        string Y(double elbo) => Number(Height - Margin - ((Height - (2 * Margin)) * (Math.Clamp(elbo, low, high) - low) / (high - low)));
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Margin}\" y=\"24\" font-size=\"14\">{title}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{X(0)} {Y(high)}V{Y(low)}H{X(longest)}\" fill=\"none\" stroke=\"black\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{X(0)} {Y(goal)}H{X(longest)}\" stroke=\"grey\" stroke-dasharray=\"4\"/><text x=\"4\" y=\"{Y(goal)}\">{goal}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{Y(low)}\">{low}</text><text x=\"{X(longest)}\" y=\"{Number(Height - Margin + 18)}\" text-anchor=\"end\">{longest:0} s</text>");
        foreach (((string loop, List<QualityPoint> curve), int i) in curves.Select((entry, i) => (entry, i)))
        {
            string colour = Colours[i % Colours.Length], path = string.Join('L', curve.Select(point => $"{X(point.Seconds)} {Y(point.Elbo)}"));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Number(Width - Margin)}\" y=\"{Number(Margin + (16 * i))}\" text-anchor=\"end\" fill=\"{colour}\">{loop}</text>");
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
