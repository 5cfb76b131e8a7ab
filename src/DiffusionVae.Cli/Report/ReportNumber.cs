namespace DiffusionVae.Cli.Report;

/// <summary>A number, or a verdict, of a report.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number, as text.</param>
/// <param name="Note">Its unit, its error, what it rests on.</param>
internal sealed record ReportNumber(string Name, string Value, string Note);
