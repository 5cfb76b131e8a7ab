namespace DiffusionVae.Cli.Output;

/// <summary>A line of results for people: a label, and beside it what there is to say.</summary>
internal static class ResultLine
{
    /// <summary>The width of the longest label, <c>checksums</c>.</summary>
    private const int LabelWidth = 9;

    public static void Write(TextWriter output, string label, string text) => output.WriteLine($"{label.PadRight(LabelWidth)}  {text}");

    /// <summary>Writes a line that continues the one above.</summary>
    public static void Continue(TextWriter output, string text) => Write(output, "", text);
}
