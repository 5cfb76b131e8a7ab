using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// How long it takes on MNIST until the ELBO on the test images first exceeds that of the paper after 500
/// epochs, its constants put right: for the defaults, the paper's protocol, and the plain loop. Each part is
/// a table in the folder, which is kept: a part that is there is not done again, and runs of the library go
/// on where they were interrupted.
/// </summary>
internal static class QualityBenchmark
{
    private static readonly Dictionary<string, (double Elbo, int Epochs)> Goals =
        new() { ["sphere"] = (-739.25, 60), ["torus"] = (-739.53, 30), ["rp3"] = (-739.32, 30) };

    public static void Run(Settings settings, Report report)
    {
        string folder = settings.Text("folder", Path.Combine("runs", "time-to-quality"));
        string[] latents = settings.Texts("latents", [.. Goals.Keys]), loops = settings.Texts("loops", "defaults", "paper", "plain");
        int epochs = settings.Whole("epochs", 0);
        Directory.CreateDirectory(folder);
        using ImageData data = Mnist.Load();
        report.Begin(
            "time-to-quality", "Until the test ELBO exceeds the paper's", "latent space", "loop", "goal", "epochs", "seconds", "last ELBO",
            "last epoch");
        var plotted = new List<(string Latent, double Goal, IReadOnlyDictionary<string, List<QualityPoint>> Loops)>();
        foreach (string latent in latents)
        {
            (double goal, int most) = Goals[latent];
            most = epochs > 0 ? epochs : most;
            var curves = new Dictionary<string, List<QualityPoint>>();
            foreach (string loop in loops)
            {
                string table = Path.Combine(folder, $"{latent}-{loop}.csv");
                List<QualityPoint> curve = curves[loop] = QualityPoint.Read(table);
                if (curve.Count < most && !curve.Exists(point => point.Elbo > goal))
                {
                    Action<int, double, double> note = (epoch, seconds, elbo) =>
                    {
                        // A run that goes on does again what came after its last checkpoint.
                        curve.RemoveAll(point => point.Epoch >= epoch);
                        curve.Add(new QualityPoint(epoch, seconds + (curve.Count > 0 ? curve[^1].Seconds : 0), elbo));
                        QualityPoint.Write(table, curve);
                        Console.Error.WriteLine(
                            FormattableString.Invariant($"{latent} {loop} epoch {epoch}  {curve[^1].Seconds:0} s  ELBO {elbo:0.000}"));
                    };
                    if (loop == "plain")
                    {
                        Plain(latent, data, goal, most, note);
                    }
                    else
                    {
                        Library(latent, loop == "paper", data, goal, most, Path.Combine(folder, $"{latent}-{loop}"), note);
                    }
                }
                QualityPoint? reached = curve.Find(point => point.Elbo > goal);
                report.Add(latent, loop, goal, reached?.Epoch ?? double.NaN, reached?.Seconds ?? double.NaN, curve[^1].Elbo,
                    curve[^1].Epoch);
            }
            plotted.Add((latent, goal, curves));
        }
        QualityPlot.Of(plotted).Write(folder);
    }

    private static void Library(
        string latent, bool paper, ImageData data, double goal, int epochs, string folder, Action<int, double, double> note)
    {
        RunConfig basis = paper ? RunConfig.Paper : new RunConfig();
        // The paper's rate is constant: its run may be cut short, where ours is planned to its end.
        RunConfig config = basis
            with { Manifold = LatentSpace.Parse(latent).Id, Threads = TorchSharp.torch.get_num_threads(),
            Training = basis.Training with { Epochs = paper ? 500 : epochs } };
        using var enough = new CancellationTokenSource();
        var watch = new Watch(goal, epochs, note, enough);
        try
        {
            bool begun = File.Exists(Path.Combine(folder, "config.json"));
            using Runs.Run run = begun
                ? Runs.Run.Resume(folder, data, watch, cancellationToken: enough.Token)
                : Runs.Run.Train(config, data, folder, watch, cancellationToken: enough.Token);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // The goal is reached.
        }
    }

    private static void Plain(string latent, ImageData data, double goal, int epochs, Action<int, double, double> note)
    {
        using var loop = new PlainLoop(latent, data.Train, batch: 128);
        double elbo = double.NegativeInfinity;
        for (int epoch = 1; epoch <= epochs && elbo <= goal; epoch++)
        {
            long start = Timing.Now();
            for (int step = 0; step < loop.StepsPerEpoch; step++)
            {
                loop.Step();
            }
            elbo = loop.Measure(data.Test);
            note(epoch, Timing.Since(start), elbo);
        }
    }

    private sealed class Watch(double goal, int epochs, Action<int, double, double> note, CancellationTokenSource enough)
        : ITrainingObserver
    {
        public void EpochDone(EpochMetrics metrics)
        {
            note(metrics.Epoch, metrics.Seconds, metrics.Validation.Elbo);
            if (metrics.Validation.Elbo > goal || metrics.Epoch >= epochs)
            {
                enough.Cancel();
            }
        }
    }
}

/// <summary>
/// A point of a curve: the ELBO on the test images after an epoch, and the seconds until then.
/// </summary>
internal sealed record QualityPoint(int Epoch, double Seconds, double Elbo)
{
    public static List<QualityPoint> Read(string path) => !File.Exists(path) ? [] :
    [
        .. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(cells =>
            new QualityPoint(
                int.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[1], CultureInfo.InvariantCulture),
                double.Parse(cells[2], CultureInfo.InvariantCulture))),
    ];

    public static void Write(string path, IEnumerable<QualityPoint> points) =>
        File.WriteAllLines(
            path, ["epoch,seconds,test_elbo",
            .. points.Select(point => FormattableString.Invariant($"{point.Epoch},{point.Seconds:0.0},{point.Elbo:0.0000}"))]);
}
