using System.Globalization;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

// key=value experiment driver, to be replaced
var a = args.Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1]);
double D(string k, double d) => a.TryGetValue(k, out string? v) ? double.Parse(v, CultureInfo.InvariantCulture) : d;
var latent = new LatentOptions { InitialLogTime = D("init", -3), Bounds = a.ContainsKey("upper") ? new LogTimeBounds(D("lower", -8.75), D("upper", -3.75)) : null, Divergence = a.TryGetValue("div", out string? dv) ? Enum.Parse<DivergenceMethod>(dv, true) : null };
var config = new RunConfig
{
    Manifold = a.GetValueOrDefault("manifold", "torus"), Latent = latent, HoldOut = (long)D("hold", 10000), Threads = (int)D("threads", 0),
    Network = new() { AverageAntipodes = D("avg", 0) > 0 },
    Training = new() { Epochs = (int)D("epochs", 10), BatchSize = (int)D("batch", 128), LearningRate = D("lr", 1e-3), KlWarmup = D("warm", 0.25), Seed = (long)D("seed", 0) },
};
using var data = DataCatalogue.Parse(a.GetValueOrDefault("data", "mnist")).Load();
string dir = a.GetValueOrDefault("out", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
using var run = Run.Train(config, data, dir, new Printer());

internal sealed class Printer : ITrainingObserver
{
    public void EpochDone(EpochMetrics m) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.Epoch,3} {m.Seconds,6:0.0}s train {m.TrainElbo:0.000} kl {m.TrainKl:0.000} test {m.Test.Value:0.000} kl {m.Test.Kl:0.000} mse {m.Test.Mse * 100:0.000} logt {m.Test.LogTime:0.00}"));
}
