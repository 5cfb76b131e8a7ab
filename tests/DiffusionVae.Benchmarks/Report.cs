using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// Tables of what was measured: each row is written as soon as it is known, and all of them as JSON at the
/// end.
/// </summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly JsonObject tables = [];
    private string[] columns = [];
    private JsonArray rows = [];

    /// <summary>Begins a table.</summary>
    public void Begin(string name, string title, params string[] columns)
    {
        this.columns = columns;
        tables[name] = rows = [];
        Console.WriteLine($"\n{title}");
        Write(columns);
    }

    /// <summary>Adds a row: texts, whole numbers, or numbers, NaN where there is nothing to say.</summary>
    public void Add(params object[] cells)
    {
        Write([.. cells.Select(cell => cell switch
        {
            double.NaN => "-",
            double number => number.ToString(Math.Abs(number) < 10_000 ? "0.000" : "0", CultureInfo.InvariantCulture),
            _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
        })]);
        rows.Add(new JsonObject(columns.Zip(
            cells, (column, cell) => KeyValuePair.Create(column, cell is double.NaN ? null : JsonSerializer.SerializeToNode(cell)))));
    }

    public string ToJson() => new JsonObject
    {
        ["machine"] = new JsonObject
        {
            ["processor"] = Processor(),
            ["cores"] = Environment.ProcessorCount,
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["threads"] = get_num_threads(),
        },
        ["tables"] = tables.DeepClone(),
    }.ToJsonString(Indented) + "\n";

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } model
            ? model.Split(':', 2)[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static void Write(string[] cells) =>
        Console.WriteLine(string.Join("  ", cells.Select((cell, i) => i == 0 ? cell.PadRight(16) : cell.PadLeft(14))));
}
