using System.Globalization;
using DiffusionVae.Benchmarks;
using TorchSharp;

// dotnet run -c Release --project tests/DiffusionVae.Benchmarks -- [images=10000] [samples=100] [repeats=3] [manifold=sphere:2] [threads=all]
int threads = int.Parse(args.ElementAtOrDefault(4) ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
torch.set_num_threads(threads);
LikelihoodBenchmark.Run(
    int.Parse(args.ElementAtOrDefault(0) ?? "10000", CultureInfo.InvariantCulture),
    int.Parse(args.ElementAtOrDefault(1) ?? "100", CultureInfo.InvariantCulture),
    int.Parse(args.ElementAtOrDefault(2) ?? "3", CultureInfo.InvariantCulture),
    args.ElementAtOrDefault(3) ?? "sphere:2");
