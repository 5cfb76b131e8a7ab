namespace DiffusionVae.Cli.Report;

/// <summary>A number of a report, as text.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number.</param>
/// <param name="Note">Its unit, its error, how it was measured; may be empty.</param>
internal sealed record ReportNumber(string Name, string Value, string Note);
