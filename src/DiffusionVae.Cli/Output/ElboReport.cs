using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>The numbers of a model on a set of images.</summary>
internal static class ElboReport
{
    /// <summary>Writes them for people, and a warning for each factor of the latent space that the model does not use.</summary>
    public static void Write(TextWriter output, Run run, ModelScore elbo, string data, bool heldOut)
    {
        output.WriteLine($"images     {Describe(elbo.Count, data, heldOut)}");
        output.WriteLine(Invariant($"ELBO       {elbo.Elbo:0.000} nats per image (standard error {elbo.StandardError:0.000})"));
        output.WriteLine(Invariant($"KL         {elbo.Kl:0.000} nats per image{ByFactor(run, elbo)}"));
        output.WriteLine(Invariant($"MSE        {elbo.Mse:0.000000} per pixel"));
        output.WriteLine(Invariant($"log t      {elbo.LogTime:0.000}"));
        foreach (int factor in elbo.CollapsedComponents)
        {
            output.WriteLine(Collapse(run, elbo, factor));
        }
        if (run.Model.Latent is DiffusionLatentSpace latent && latent.BoundAt(elbo.LogTime) is { } bound)
        {
            output.WriteLine(Invariant($"WARNING    log t sits at its bound {bound}, where training no longer moves it. Try wider --log-t-bounds, or --divergence exact."));
        }
    }

    /// <summary>Which images they are.</summary>
    public static string Describe(long count, string data, bool heldOut) =>
        heldOut ? Invariant($"{count} training images of {data} that were held out, not the test images") : Invariant($"the {count} test images of {data}");

    /// <summary>The same for programs, with all digits.</summary>
    public static object ForPrograms(Run run, ModelScore elbo, string data, bool heldOut, long seed, LikelihoodResult? likelihood, (Topology Found, double? Limit)? topology) => new
    {
        Run = run.Directory.Root,
        run.Config.Manifold,
        Data = data,
        Images = elbo.Count,
        HeldOut = heldOut,
        Seed = seed,
        Elbo = elbo.Elbo,
        elbo.StandardError,
        elbo.Kl,
        KlByFactor = elbo.ComponentKl.Select((kl, i) => new { Factor = run.Model.Latent.Components[i].Id, Kl = kl }).ToArray(),
        elbo.Mse,
        LogT = elbo.LogTime,
        CollapsedComponents = elbo.CollapsedComponents.ToArray(),
        Likelihood = likelihood is null ? null : LikelihoodReport.ForPrograms(likelihood),
        Topology = topology is { } found ? TopologyReport.ForPrograms(found.Found, found.Limit) : null,
    };

    private static string ByFactor(Run run, ModelScore elbo) => elbo.ComponentKl.Count == 1
        ? ""
        : $": {string.Join(", ", elbo.ComponentKl.Select((kl, i) => Invariant($"{kl:0.000} on {run.Model.Latent.Components[i].Id}")))}";

    private static string Collapse(Run run, ModelScore elbo, int factor)
    {
        string name = elbo.ComponentKl.Count == 1 ? run.Model.Latent.Id : Invariant($"factor {factor + 1}, {run.Model.Latent.Components[factor].Id},");
        return Invariant($"WARNING    posterior collapse: the KL of {name} is {elbo.ComponentKl[factor]:0.000} nats, so it tells the decoder nothing about the image. ")
            + Invariant($"Try a longer warm-up (--kl-warmup, now {run.Config.Training.KlWarmup}), a smaller --kl-weight, more --epochs, or another --seed.");
    }
}
