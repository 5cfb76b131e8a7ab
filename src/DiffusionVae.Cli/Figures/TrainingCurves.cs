using DiffusionVae.Training;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>How training went: ELBO, KL, MSE and log t over epochs.</summary>
internal static class TrainingCurves
{
    public const string Name = "training";

    private static readonly SKColor Train = new(0xe7, 0x63, 0x00);
    private static readonly SKColor Test = new(0x1f, 0x5f, 0xa8);

    /// <param name="epochs">At least one.</param>
    public static Figure Of(IReadOnlyList<EpochMetrics> epochs)
    {
        Curve Over(string name, SKColor colour, Func<EpochMetrics, double> value) =>
            new(name, colour, [.. epochs.Select(row => ((double)row.Epoch, value(row)))]);
        PlotPanel Both(Func<EpochMetrics, double> train, Func<EpochMetrics, double> test) =>
            new("epoch", [Over("training images", Train, train), Over("images not trained on", Test, test)]);
        PlotPanel elbo = Both(row => row.TrainElbo, row => row.Validation.Elbo);
        var time = new PlotPanel("epoch", [Over("", Test, row => row.Validation.LogTime)]);
        return new Figure(
            Name,
            "Training: the evidence lower bound and the divergence of the posterior from the prior in nats per image, "
            + "the squared error per pixel, and the logarithm of the posterior's time, "
            + "after each epoch.",
            Panel.Column(
            [
                elbo.Legend(),
                Panel.Row(
                [
                    elbo.Titled("ELBO, nats per image"),
                    Both(row => row.TrainKl, row => row.Validation.Kl).Titled("KL, nats per image"),
                ]),
                Panel.Row([Both(row => row.TrainMse, row => row.Validation.Mse).Titled("MSE per pixel"), time.Titled("mean log t")]),
            ]));
    }
}
