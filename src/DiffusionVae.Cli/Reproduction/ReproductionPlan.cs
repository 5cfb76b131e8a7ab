using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>What all runs of a reproduction share.</summary>
/// <param name="Run">The configuration of training.</param>
/// <param name="Likelihood">How the likelihood is estimated, and for how many images.</param>
internal sealed record ReproductionPlan(RunConfig Run, ImportanceOptions Likelihood)
{
    private const string RunKey = "run", LikelihoodKey = "likelihood";

    /// <summary>Writes the protocol as JSON.</summary>
    public string ToJson() => JsonText.Of(new JsonObject
    {
        [RunKey] = JsonNode.Parse(Run.ToJson()),
        [LikelihoodKey] = JsonNode.Parse(JsonText.Of(Likelihood)),
    });

    /// <summary>Reads a protocol.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="DataFormatException">The text is not a protocol.</exception>
    public static ReproductionPlan FromJson(string json, string source)
    {
        Dictionary<string, JsonElement> parts = JsonText.Parse<Dictionary<string, JsonElement>>(json, source);
        return parts.TryGetValue(RunKey, out JsonElement run) && parts.TryGetValue(LikelihoodKey, out JsonElement likelihood)
            ? new ReproductionPlan(
                RunConfig.FromJson(run.GetRawText(), source),
                JsonText.Parse<ImportanceOptions>(likelihood.GetRawText(), source))
            : throw new DataFormatException(source, $"not a protocol: it needs '{RunKey}' and '{LikelihoodKey}'.");
    }

    /// <summary>
    /// The first difference of this plan, "there", from another, "here"; null if they are equal.
    /// </summary>
    public string? DifferenceFrom(ReproductionPlan other)
    {
        string? ofLikelihood = Likelihood == other.Likelihood
            ? null
            : $"there likelihoods are of {Words(Likelihood)}, here of {Words(other.Likelihood)}";
        return Run.DifferenceFrom(other.Run) ?? ofLikelihood;
    }

    private static string Words(ImportanceOptions effort)
    {
        string images = effort.Images is { } count ? Invariant($"{count} images") : "all images";
        return Invariant($"{effort.Samples} samples for {images}");
    }
}
