using System.Diagnostics;
using System.Globalization;

namespace DiffusionVae.Benchmarks;

/// <summary>How soon the program dvae is there, and how much memory training takes.</summary>
internal static class StartupBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void Run(Settings settings, Report report)
    {
        int turns = settings.Whole("turns", 5);
        report.Begin("startup", "Start-up and memory of dvae", "what", "value", "unit");
        report.Add("--help", Timing.ByTurns(turns, Help)[0], "s");
        var peaks = new List<long>();
        report.Add("train, first step", Timing.ByTurns(turns, () => FirstStep(peaks))[0], "s");
        report.Add("memory by then", peaks.Max() >> 20, "MB");
        report.Add("memory, an epoch", PeakOfEpoch(settings.Whole("batch", 640)) >> 20, "MB");
    }

    private static double Help()
    {
        long start = Timing.Now();
        using Process help = Process.Start(Programs.Quiet(Programs.Dvae, "--help"))!;
        help.StandardOutput.ReadToEnd();
        help.WaitForExit();
        return Timing.Since(start);
    }

    /// <summary>Until the checkpoint is there that is written just before the first step.</summary>
    private static double FirstStep(List<long> peaks)
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), checkpoints = Path.Combine(folder, "checkpoints");
        try
        {
            long start = Timing.Now();
            using Process train =
                Process.Start(Programs.Quiet(Programs.Dvae, "train", "--manifold", "torus", "--epochs", "1", "--output", folder))!;
            while (!(Directory.Exists(checkpoints) && Directory.EnumerateFiles(checkpoints, "*.safetensors").Any()) && !train.HasExited
                && Timing.Since(start) < Patience.TotalSeconds)
            {
                Thread.Sleep(5);
            }
            double seconds = Timing.Since(start);
            peaks.Add(Peak(train));
            train.Kill();
            train.WaitForExit();
            return seconds;
        }
        finally
        {
            Delete(folder);
        }
    }

    private static long PeakOfEpoch(int batch)
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string[] arguments = [
                "train", "--manifold", "torus", "--epochs", "1", "--batch-size", batch.ToString(CultureInfo.InvariantCulture), "--output",
                folder];
            using Process train = Process.Start(Programs.Quiet(Programs.Dvae, arguments))!;
            long peak = 0;
            while (!train.WaitForExit(TimeSpan.FromMilliseconds(50)))
            {
                peak = Math.Max(peak, Peak(train));
            }
            return peak;
        }
        finally
        {
            Delete(folder);
        }
    }

    private static long Peak(Process process)
    {
        process.Refresh();
        return process.HasExited ? 0 : process.PeakWorkingSet64;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
