using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Writes the numbers of a run: scores, topology, and the best attainable log-likelihood.</summary>
internal static class EvaluationReport
{
    /// <summary>Writes them for people, with a warning for each component of the latent space that the model
    /// does not use.</summary>
    public static void Write(TextWriter output, Run run, RunEvaluation evaluation)
    {
        ModelScore score = evaluation.Score;
        ResultLine.Write(output, "images", evaluation.Images);
        ResultLine.Write(output, "ELBO", Invariant($"{score.Elbo:0.000} nats per image ({StandardError(score)})"));
        ResultLine.Write(output, "KL", Invariant($"{score.Kl:0.000} nats per image{ByComponent(run, score)}"));
        ResultLine.Write(output, "MSE", Invariant($"{score.Mse:0.000000} per pixel"));
        ResultLine.Write(output, "log t", Invariant($"{score.LogTime:0.000}"));
        foreach (int component in score.CollapsedComponents)
        {
            ResultLine.Write(output, "WARNING", Collapse(run, score, component));
        }
        if (run.Model.Latent is DiffusionLatentSpace latent && latent.BoundAt(score.LogTime) is { } bound)
        {
            ResultLine.Write(output, "WARNING", Invariant(
                $"log t sits at its bound {bound}, where training no longer moves it. Try wider --log-t-bounds, or --divergence exact."));
        }
        if (evaluation.LikelihoodBound is { } limit)
        {
            ResultLine.Write(output, "limit", Invariant(
                $"{limit:0.000} nats per image, the log-likelihood under the data's own distribution; ")
                + Invariant($"the ELBO is {limit - score.Elbo:0.000} below it"));
        }
        if (evaluation.Topology is { } topology)
        {
            TopologyReport.Write(output, topology);
        }
    }

    /// <summary>The same for programs, with all digits.</summary>
    public static object ForPrograms(Run run, RunEvaluation evaluation, string data, LikelihoodResult? likelihood = null)
    {
        ModelScore score = evaluation.Score;
        return new
        {
            Run = run.Directory.Root,
            run.Config.Manifold,
            Data = data,
            Images = score.Count,
            HeldOut = evaluation.IsHeldOut,
            evaluation.Seed,
            score.Elbo,
            score.StandardError,
            score.Kl,
            KlByFactor = score.ComponentKl.Select((kl, i) => new { Factor = run.Model.Latent.Components[i].Id, Kl = kl }).ToArray(),
            score.Mse,
            LogT = score.LogTime,
            CollapsedFactors = score.CollapsedComponents.ToArray(),
            Likelihood = likelihood is null ? null : LikelihoodReport.ForPrograms(likelihood),
            Topology = evaluation.Topology is { } topology ? TopologyReport.ForPrograms(topology, evaluation.LikelihoodBound) : null,
        };
    }

    /// <summary>The standard error in words.</summary>
    public static string StandardError(ModelScore score) => double.IsNaN(score.StandardError)
        ? "no standard error: a single image"
        : Invariant($"standard error {score.StandardError:0.000}");

    private static string ByComponent(Run run, ModelScore score) => score.ComponentKl.Count == 1
        ? ""
        : $": {string.Join(", ", score.ComponentKl.Select((kl, i) => Invariant($"{kl:0.000} on {run.Model.Latent.Components[i].Id}")))}";

    private static string Collapse(Run run, ModelScore score, int component)
    {
        string name = score.ComponentKl.Count == 1
            ? run.Model.Latent.Id
            : Invariant($"factor {component + 1}, {run.Model.Latent.Components[component].Id},");
        return Invariant($"posterior collapse: the KL of {name} is {score.ComponentKl[component]:0.000} nats, so it tells the decoder ")
            + Invariant($"nothing about the image. Try a longer warm-up (--kl-warmup, now {run.Config.Training.KlWarmup}), ")
            + "a smaller --kl-weight, more --epochs, or another --seed.";
    }
}
