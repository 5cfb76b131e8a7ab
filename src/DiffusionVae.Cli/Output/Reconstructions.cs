using DiffusionVae.Data;
using DiffusionVae.Runs;
using TorchSharp;

namespace DiffusionVae.Cli.Output;

/// <summary>A picture of what a run has learnt: images it was not trained on, and below each its reconstruction.</summary>
internal static class Reconstructions
{
    private const int Columns = 12;
    private const int Bands = 3;

    /// <summary>Writes the picture into the run directory.</summary>
    /// <returns>Its path.</returns>
    public static string Draw(Run run, ImageData data)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using Split split = Split.Of(data, run.Config.HoldOut);
        torch.Tensor originals = split.Test.Pixels.narrow(0, 0, Math.Min(Columns * Bands, split.Test.Count));
        float[][] shown = Rows(originals);
        float[][] decoded = Rows(run.Model.Reconstruct(originals.to(Devices.Parse(run.Config.Device))));
        IReadOnlyList<IReadOnlyList<IReadOnlyList<float[]>>> bands = [.. shown.Chunk(Columns).Zip(decoded.Chunk(Columns), (above, below) => new[] { above, below })];

        Directory.CreateDirectory(run.Directory.Figures);
        string path = Path.Combine(run.Directory.Figures, "reconstructions.png");
        ImageSheet.Write(path, bands, run.ImageSize, ImageSheet.RangeOf(shown));
        return path;
    }

    private static float[][] Rows(torch.Tensor images) =>
        [.. images.cpu().contiguous().data<float>().ToArray().Chunk((int)images.shape[1])];
}
