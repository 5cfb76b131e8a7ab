using DiffusionVae.Data;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Training;

/// <summary>
/// The results of past epochs as a table of numbers, a row for each epoch. Wall times are left out.
/// </summary>
internal static class HistoryTable
{
    /// <summary>Columns before the KL of each component of the latent space.</summary>
    private const int Fixed = 7;

    /// <summary>Writes results as a tensor, float64 [epochs, 7 + components].</summary>
    public static Tensor Write(IReadOnlyList<EpochMetrics> history, int components)
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [.. history.SelectMany(Row)];
        return torch.tensor(values, ScalarType.Float64).reshape(history.Count, Fixed + components).MoveToOuterDisposeScope();
    }

    /// <summary>Reads results; their wall times are NaN.</summary>
    /// <param name="table">A tensor that <see cref="Write"/> made.</param>
    /// <param name="validation">The images on which the model was scored.</param>
    public static IEnumerable<EpochMetrics> Read(Tensor table, ImageSet validation)
    {
        // An empty tensor gives no array.
        double[] values = table.numel() == 0 ? [] : table.data<double>().ToArray();
        return values.Chunk((int)table.size(1)).Select((row, i) => new EpochMetrics
        {
            Epoch = i + 1,
            Seconds = double.NaN,
            TrainElbo = row[0],
            TrainKl = row[1],
            TrainMse = row[2],
            Validation = Score(row, validation),
        });
    }

    private static ModelScore Score(double[] row, ImageSet test) => new()
    {
        Count = test.Count,
        Pixels = test.PixelCount,
        Elbo = row[3],
        StandardError = row[4],
        Mse = row[5],
        LogTime = row[6],
        ComponentKl = row[Fixed..],
    };

    private static IEnumerable<double> Row(EpochMetrics epoch) =>
    [
        epoch.TrainElbo, epoch.TrainKl, epoch.TrainMse,
        epoch.Validation.Elbo, epoch.Validation.StandardError, epoch.Validation.Mse, epoch.Validation.LogTime,
        .. epoch.Validation.ComponentKl,
    ];
}
