using System.Globalization;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// A part of the work: every <paramref name="Of"/>-th run, from number <paramref name="Number"/> on.
/// </summary>
internal sealed record Shard(int Number, int Of)
{
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads <c>I/N</c>.</summary>
    public static Shard Parse(string text) =>
        text.Split('/') is [string number, string of]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
        && i >= 1 && i <= n
            ? new Shard(i, n)
            : throw new FormatException("I/N with I from 1 to N, such as 1/2");

    public override string ToString() => Invariant($"{Number}/{Of}");

    public IReadOnlyList<T> Take<T>(IEnumerable<T> all) => [.. all.Where((_, index) => index % Of == Number - 1)];
}
