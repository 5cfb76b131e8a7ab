using DiffusionVae.Benchmarks;
using TorchSharp;

// dotnet run -c Release --project tests/DiffusionVae.Benchmarks -- NAME [threads=2] [json=FILE] [turns=9]
// [batches=128,640] [latents=torus,sphere] ...
(string Name, Action<Settings, Report> Run)[] benchmarks =
[
    ("step", StepBenchmark.Run),
    ("walk", PartsBenchmark.Walk),
    ("divergence", PartsBenchmark.Divergence),
    ("likelihood", LikelihoodBenchmark.Run),
    ("data", PartsBenchmark.Data),
    ("startup", StartupBenchmark.Run),
    ("scaling", StepBenchmark.Scaling),
    ("parallel", ParallelBenchmark.Run),
    ("beside", CompanyBenchmark.Beside),
    ("threads", CompanyBenchmark.Threads),
];
string name = args.FirstOrDefault() ?? "";
if (name == CompanyBenchmark.Busy)
{
    CompanyBenchmark.KeepBusy();
    return 0;
}
var settings = new Settings(args.Skip(1));
torch.set_num_threads(settings.Whole("threads", Environment.ProcessorCount));
if (name == ParallelBenchmark.Worker)
{
    ParallelBenchmark.Work(settings);
    return 0;
}
// The long one is not among all.
Action<Settings, Report>[] chosen = name == "time-to-quality"
    ? [QualityBenchmark.Run]
    : [.. benchmarks.Where(benchmark => name == "all" || benchmark.Name == name).Select(benchmark => benchmark.Run)];
if (chosen.Length == 0)
{
    Console.Error.WriteLine(
        $"Name a benchmark: all, {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}, or time-to-quality.");
    return 2;
}
var report = new Report();
string json = settings.Text("json", "");
foreach (Action<Settings, Report> run in chosen)
{
    run(settings, report);
}
if (json.Length > 0)
{
    File.WriteAllText(json, report.ToJson());
}
foreach (string unknown in settings.Unknown)
{
    Console.Error.WriteLine($"Nothing asked for '{unknown}'.");
}
return 0;
