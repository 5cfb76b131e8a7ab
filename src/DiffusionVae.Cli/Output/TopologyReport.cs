using DiffusionVae.Evaluation;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Whether a run captures the topology of its data.</summary>
internal static class TopologyReport
{
    /// <summary>Writes it for people.</summary>
    public static void Write(TextWriter output, Topology topology)
    {
        ResultLine.Write(output, "topology", Verdict(topology));
        foreach (string line in Details(topology))
        {
            ResultLine.Continue(output, line);
        }
    }

    /// <summary>The verdict in a line.</summary>
    public static string Verdict(Topology topology) => topology.IsCaptured switch
    {
        true => $"captured: the encoder is a homeomorphism from {topology.Factors} to {topology.Latent}, as far as can be seen",
        false => $"not captured: {string.Join("; ", topology.Obstacles)}",
        null => $"undetermined: {string.Join("; ", topology.Undetermined)}",
    };

    /// <summary>The verdict in a word or two.</summary>
    public static string Word(Topology topology) => topology.IsCaptured switch
    {
        true => "captured",
        false => "not captured",
        null => "undetermined",
    };

    /// <summary>The evidence for it, a line each.</summary>
    public static IEnumerable<string> Details(Topology topology)
    {
        if (topology.Degree is { } degree)
        {
            string value = degree.Value is { } number ? Invariant($"{number}{(degree.IsModuloTwo ? " modulo 2" : "")}") : "undetermined";
            string winding = degree.Winding is { } matrix ? $", winding {Matrix(matrix)}" : "";
            yield return $"degree {value} ({Sure(degree.Certainty)}){winding}";
        }
        string[] measures =
        [
            .. topology.OrientationKept is { } kept ? [Invariant($"orientation kept at {100 * kept:0}% of points")] : Array.Empty<string>(),
            .. topology.Coverage is { } coverage ? [Invariant($"coverage {100 * coverage:0}%")] : Array.Empty<string>(),
            .. topology.DistanceCorrelation is { } correlation
                ? [Invariant($"correlation of distances {correlation:0.000}")]
                : Array.Empty<string>(),
        ];
        if (measures.Length > 0)
        {
            yield return string.Join(", ", measures);
        }
        foreach ((string name, FactorPair? pair) in new[] { ("tear", topology.Tear), ("collision", topology.Collision) })
        {
            yield return pair is null
                ? $"no {name} found"
                : $"{name}: factors {Vector(pair.FirstFactor)} and {Vector(pair.SecondFactor)}, "
                    + $"latents {Vector(pair.FirstLatent)} and {Vector(pair.SecondLatent)}";
        }
    }

    /// <summary>The same for programs, with all digits.</summary>
    public static object ForPrograms(Topology topology, double? limit) => new
    {
        topology.IsCaptured,
        topology.Factors,
        Obstacles = (string[])[.. topology.Obstacles, .. topology.Undetermined],
        Degree = topology.Degree is { } degree
            ? new { degree.Value, degree.IsModuloTwo, Certainty = Sure(degree.Certainty), degree.Winding, degree.Basis }
            : null,
        topology.OrientationKept,
        topology.Coverage,
        topology.DistanceCorrelation,
        topology.Tear,
        topology.Collision,
        Limit = limit,
    };

    private static string Sure(Certainty certainty) => certainty switch
    {
        Certainty.Proved => "proved",
        Certainty.Stable => "stable under refinement",
        _ => "undetermined",
    };

    private static string Matrix(IReadOnlyList<IReadOnlyList<int>> rows) =>
        $"[{string.Join("; ", rows.Select(row => string.Join(' ', row)))}]";

    private static string Vector(IReadOnlyList<float> point) => $"({string.Join(' ', point.Select(x => Invariant($"{x:0.00}")))})";
}
