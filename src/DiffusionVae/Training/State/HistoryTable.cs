using DiffusionVae.Data;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Training;

/// <summary>The past epochs of a run as a table of numbers, a row each: all but the wall time.</summary>
internal static class HistoryTable
{
    /// <summary>Columns before the KL of each factor.</summary>
    private const int Fixed = 7;

    /// <summary>Float64 [epochs, 7 + factors].</summary>
    public static Tensor Write(IReadOnlyList<EpochMetrics> history, int factors)
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [.. history.SelectMany(Row)];
        return torch.tensor(values, ScalarType.Float64).reshape(history.Count, Fixed + factors).MoveToOuterDisposeScope();
    }

    /// <summary>The epochs, of unknown wall time.</summary>
    /// <param name="table">What was written.</param>
    /// <param name="test">The images that were measured on.</param>
    public static IEnumerable<EpochMetrics> Read(Tensor table, ImageSet test)
    {
        // An empty tensor gives no array.
        double[] values = table.numel() == 0 ? [] : table.data<double>().ToArray();
        return values.Chunk((int)table.size(1)).Select((row, i) => new EpochMetrics(
            i + 1, double.NaN, row[0], row[1], row[2], new ModelScore(test.Count, test.PixelCount, row[3], row[4], row[Fixed..], row[5], row[6])));
    }

    private static IEnumerable<double> Row(EpochMetrics epoch) =>
    [
        epoch.TrainElbo, epoch.TrainKl, epoch.TrainMse,
        epoch.Validation.Elbo, epoch.Validation.StandardError, epoch.Validation.Mse, epoch.Validation.LogTime, .. epoch.Validation.ComponentKl,
    ];
}
