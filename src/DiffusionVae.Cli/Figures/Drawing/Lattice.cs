using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// Places spread evenly over a view of a chart: row by row from the top left, or round a circle.
/// </summary>
/// <param name="View">The view.</param>
/// <param name="Centres">The places.</param>
/// <param name="Spacing">How far neighbours are apart, at least.</param>
internal sealed record Lattice(ChartView View, IReadOnlyList<(double X, double Y)> Centres, double Spacing)
{
    /// <summary>
    /// The points of the manifold at the places, [places, n], and which of the places belong to it, [places].
    /// </summary>
    public (Tensor Points, Tensor Inside) ToPoints() =>
        View.Chart.ToPoints(
            tensor([.. Centres.SelectMany(centre => View.Lift(centre.X, centre.Y))], [Centres.Count, View.Chart.Axes.Count]));
}
