using System.Globalization;
using Xunit.Abstractions;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A run of very many epochs takes no more memory, file handles or time for the last than for the first.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class LongRunTests(ITestOutputHelper output)
{
    [LinuxFact]
    [Trait(LongForm.Trait, LongForm.Value)]
    public void Memory_file_handles_and_the_time_of_an_epoch_stay_as_they_are()
    {
        int epochs = LongForm.Times(60, 2000);
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        string[] args =
        [
            .. TinyImages.TrainQuickly, "--epochs", epochs.ToString(CultureInfo.InvariantCulture), "--binarisation", "dynamic",
            "--checkpoint-seconds", "0", "--output", "run",
        ];
        List<(long Memory, int Handles)> samples = [];
        using (DvaeProcess process = DvaeProcess.Start(folder.Path, args))
        {
            while (!process.HasExited)
            {
                // The checkpoints are gone when training is over; figures follow.
                if (Sample(process.Id) is { } sample && File.Exists(folder["run", "weights.safetensors"])
                    && Directory.Exists(folder["run", "checkpoints"]))
                {
                    samples.Add(sample);
                }
                Thread.Sleep(20);
            }
            Assert.Equal(ExitCodes.Success, process.Wait().ExitCode);
        }
        double[] seconds = [.. File.ReadLines(folder["run", "metrics.csv"]).Skip(1)
            .Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.Equal(epochs, seconds.Length);

        // The first quarter compiles and fills caches.
        double[] memory = Quarters(samples.Select(sample => sample.Memory / 1048576.0), Median);
        double[] handles = Quarters(samples.Select(sample => (double)sample.Handles), values => values.Max());
        // Of the fastest epochs, since other programs slow down some.
        double[] times = Quarters(seconds.Select(value => 1000 * value), values => values.Order().ElementAt(values.Length / 10));
        output.WriteLine(FormattableString.Invariant(
            $"{epochs} epochs. By quarters of the run: median memory {Text(memory)} MB; most file handles {Text(handles)}; ")
            + $"time of the fastest tenth of epochs {Text(times)} ms.");
        // So few epochs are over before the runtime is done compiling.
        Assert.InRange(memory[3], 0, memory[1] + (LongForm.IsOn ? 4 : 20));
        // A sample may catch a file that is open for a moment; one lost in every tenth epoch would be more.
        Assert.InRange(handles[3], 0, handles[1] + 2);
        if (LongForm.IsOn)
        {
            Assert.InRange(times[3], 0, 1.2 * times[1]);
        }
    }

    /// <summary>Resident bytes and open files of a process; null when it ends.</summary>
    private static (long Memory, int Handles)? Sample(int process)
    {
        try
        {
            string[] status = File.ReadAllLines(FormattableString.Invariant($"/proc/{process}/status"));
            string kilobytes = status.First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return (1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture),
                Directory.EnumerateFileSystemEntries(FormattableString.Invariant($"/proc/{process}/fd")).Count());
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double[] Quarters(IEnumerable<double> values, Func<double[], double> summary)
    {
        double[] all = [.. values];
        return [.. Enumerable.Range(0, 4).Select(i => summary(all[(i * all.Length / 4)..((i + 1) * all.Length / 4)]))];
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Text(double[] values) =>
        string.Join(", ", values.Select(value => value.ToString("0.#", CultureInfo.InvariantCulture)));
}
