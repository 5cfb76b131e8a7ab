using System.Diagnostics;
using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// Many runs on one machine: one after the other with all cores each, or side by side with one thread each?
/// </summary>
internal static class ParallelBenchmark
{
    /// <summary>The verb by which this program starts itself.</summary>
    public const string Worker = "train-images";

    public static void Run(Settings settings, Report report)
    {
        int cores = settings.Whole("processes", Environment.ProcessorCount);
        report.Begin(
            "parallel", "Images trained on in a second, all runs together", "batch", "1 process",
            FormattableString.Invariant($"{cores} processes"), "ratio");
        foreach (int batch in settings.Wholes("batches", 128, 640))
        {
            string[] work =
            [
                Worker, FormattableString.Invariant($"batch={batch}"),
                FormattableString.Invariant($"images={settings.Whole("images", 60_000)}"),
                FormattableString.Invariant($"steps={settings.Whole("steps", Math.Max(1, 25_600 / batch))}"),
                FormattableString.Invariant($"turns={settings.Whole("turns", 3)}"),
            ];
            // Seconds an image are what is averaged; a rate is its inverse.
            double[] seconds = Timing.ByTurns(settings.Whole("rounds", 3), () => 1 / Rate(1, cores, work), () => 1 / Rate(cores, 1, work));
            report.Add(batch, 1 / seconds[0], 1 / seconds[1], seconds[0] / seconds[1]);
        }
    }

    /// <summary>One of the processes: trains, and says how many images a second.</summary>
    public static void Work(Settings settings)
    {
        int batch = settings.Whole("batch", 128);
        using ImageSet images = Workloads.Images(settings.Whole("images", 60_000), 28);
        using DiffusionAutoencoder model = Workloads.Model("torus", images.PixelCount);
        Console.WriteLine((batch / TrainerInTurns.Measure(settings, model, images, batch, [])[0]).ToString(CultureInfo.InvariantCulture));
    }

    private static double Rate(int processes, int threads, string[] work)
    {
        Process[] running = [.. Enumerable.Range(0, processes)
            .Select(_ => Process.Start(Programs.Itself([.. work, FormattableString.Invariant($"threads={threads}")]))!)];
        double sum = 0;
        foreach (Process process in running)
        {
            sum += double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
            process.WaitForExit();
            process.Dispose();
        }
        return sum;
    }
}
