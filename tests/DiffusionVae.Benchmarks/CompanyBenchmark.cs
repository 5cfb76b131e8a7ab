using System.Diagnostics;
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>A training step beside other processes that compute, and on some of the cores only.</summary>
internal static class CompanyBenchmark
{
    /// <summary>The verb by which this program starts itself to keep a core busy.</summary>
    public const string Busy = "busy";

    /// <summary>
    /// Computes until the standard input ends, as it does when the process that began this one does.
    /// </summary>
    public static void KeepBusy()
    {
        Task end = Task.Run(() => Console.OpenStandardInput().ReadByte());
        while (!end.IsCompleted)
        {
        }
    }

    /// <summary>A step alone and beside one busy process and two, by turns.</summary>
    public static void Beside(Settings settings, Report report)
    {
        report.Begin(
            "beside", "A training step beside busy processes", "latent space", "batch", "alone ms", "beside 1 ms", "beside 2 ms", "1/alone",
            "2/alone");
        foreach (int batch in settings.Wholes("batches", 128, 640))
        {
            foreach (string latent in settings.Texts("latents", "torus", "sphere"))
            {
                double[] seconds = Timing.ByTurns(
                    settings.Whole("rounds", 3),
                    () => Beside(0, settings, latent, batch),
                    () => Beside(1, settings, latent, batch),
                    () => Beside(2, settings, latent, batch));
                report.Add(
                    latent, batch, 1e3 * seconds[0], 1e3 * seconds[1], 1e3 * seconds[2], seconds[1] / seconds[0], seconds[2] / seconds[0]);
            }
        }
    }

    /// <summary>A step by the number of threads, by turns.</summary>
    public static void Threads(Settings settings, Report report)
    {
        int[] counts = settings.Wholes("counts", [.. Enumerable.Range(1, Environment.ProcessorCount)]);
        report.Begin(
            "threads", "A training step by the number of threads, in milliseconds",
            ["latent space", "batch", .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        foreach (int batch in settings.Wholes("batches", 128, 640))
        {
            foreach (string latent in settings.Texts("latents", "torus"))
            {
                double[] seconds = Timing.ByTurns(
                    settings.Whole("rounds", 3), [.. counts.Select<int, Func<double>>(count => () => On(count, settings, latent, batch))]);
                report.Add([latent, batch, .. seconds.Select(time => (object)(1e3 * time))]);
            }
        }
    }

    private static double Beside(int busy, Settings settings, string latent, int batch)
    {
        Process[] others = [.. Enumerable.Range(0, busy).Select(_ =>
        {
            ProcessStartInfo start = Programs.Itself([Busy]);
            start.RedirectStandardInput = true;
            return Process.Start(start)!;
        })];
        try
        {
            return Step(settings, latent, batch);
        }
        finally
        {
            foreach (Process other in others)
            {
                other.Kill();
                other.WaitForExit();
                other.Dispose();
            }
        }
    }

    private static double On(int threads, Settings settings, string latent, int batch)
    {
        int before = get_num_threads();
        set_num_threads(threads);
        double seconds = Step(settings, latent, batch);
        set_num_threads(before);
        return seconds;
    }

    private static double Step(Settings settings, string latent, int batch)
    {
        using ImageSet images = Workloads.Images(settings.Whole("images", 60_000), 28);
        using DiffusionAutoencoder model = Workloads.Model(latent, images.PixelCount);
        return TrainerInTurns.Measure(settings, model, images, batch, [])[0];
    }
}
