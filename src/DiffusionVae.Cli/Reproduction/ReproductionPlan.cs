using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>What the runs of a reproduction share.</summary>
/// <param name="Run">How they are trained.</param>
/// <param name="Likelihood">How their likelihood is estimated, and for how many images.</param>
internal sealed record ReproductionPlan(RunConfig Run, ImportanceOptions Likelihood)
{
    private const string RunKey = "run", LikelihoodKey = "likelihood";

    /// <summary>Writes the protocol as JSON.</summary>
    public string ToJson() => JsonText.Of(new JsonObject { [RunKey] = JsonNode.Parse(Run.ToJson()), [LikelihoodKey] = JsonNode.Parse(JsonText.Of(Likelihood)) });

    /// <summary>Reads a protocol.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="DataFormatException">It is something else.</exception>
    public static ReproductionPlan FromJson(string json, string source)
    {
        Dictionary<string, JsonElement> parts = JsonText.Parse<Dictionary<string, JsonElement>>(json, source);
        return parts.TryGetValue(RunKey, out JsonElement run) && parts.TryGetValue(LikelihoodKey, out JsonElement likelihood)
            ? new ReproductionPlan(RunConfig.FromJson(run.GetRawText(), source), JsonText.Parse<ImportanceOptions>(likelihood.GetRawText(), source))
            : throw new DataFormatException(source, $"not a protocol: it needs '{RunKey}' and '{LikelihoodKey}'.");
    }

    /// <summary>The first thing that another protocol, "here", has otherwise; null if there is none.</summary>
    public string? DifferenceFrom(ReproductionPlan other) => Run.DifferenceFrom(other.Run) ?? (Likelihood == other.Likelihood ? null : $"there likelihoods are of {Words(Likelihood)}, here of {Words(other.Likelihood)}");

    private static string Words(ImportanceOptions effort) => Invariant($"{effort.Samples} samples for {(effort.Images is { } count ? Invariant($"{count} images") : "all images")}");
}
