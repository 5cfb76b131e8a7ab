using System.Globalization;
using DiffusionVae.Benchmarks;
using TorchSharp;

// dotnet run -c Release --project tests/DiffusionVae.Benchmarks -- likelihood [images=10000] [samples=100] [repeats=3] [manifold=sphere:2] [threads=all]
// dotnet run -c Release --project tests/DiffusionVae.Benchmarks -- divergence [batch=128] [repeats=7] [threads=all]
string[] rest = args.Length > 1 ? args[1..] : [];
switch (args.FirstOrDefault())
{
    case "likelihood":
        torch.set_num_threads(Whole(4, Environment.ProcessorCount));
        LikelihoodBenchmark.Run(Whole(0, 10_000), Whole(1, 100), Whole(2, 3), rest.ElementAtOrDefault(3) ?? "sphere:2");
        return 0;
    case "divergence":
        torch.set_num_threads(Whole(2, Environment.ProcessorCount));
        DivergenceBenchmark.Run(Whole(0, 128), Whole(1, 7));
        return 0;
    case "step":
        torch.set_num_threads(Whole(4, 2));
        StepBenchmark.Run((rest.ElementAtOrDefault(0) ?? "torus").Split(','), [.. (rest.ElementAtOrDefault(1) ?? "128,640").Split(',').Select(int.Parse)], [.. (rest.ElementAtOrDefault(2) ?? "28").Split(',').Select(int.Parse)], Whole(3, 9));
        return 0;
    default:
        Console.Error.WriteLine("Name a benchmark: likelihood or divergence.");
        return 2;
}

int Whole(int position, int otherwise) => position < rest.Length ? int.Parse(rest[position], CultureInfo.InvariantCulture) : otherwise;
