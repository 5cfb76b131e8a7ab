using DiffusionVae.Data;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Runs;

/// <summary>The numbers of a run on images that it was not trained on.</summary>
public sealed class RunEvaluation
{
    internal RunEvaluation()
    {
    }

    /// <summary>The name of the data.</summary>
    public required string Data { get; init; }

    /// <summary>Whether the images are training images that the run held out, and not test images.</summary>
    public required bool IsHeldOut { get; init; }

    /// <summary>The seed of the posterior samples, of the binarisation and of the images for the
    /// topology.</summary>
    public required long Seed { get; init; }

    /// <summary>ELBO, KL and MSE of the model on the images.</summary>
    public required ModelScore Score { get; init; }

    /// <summary>Whether the encoder captures the topology of the data; null for data whose true factors are
    /// not known.</summary>
    public Topology? Topology { get; init; }

    /// <summary>
    /// The best attainable log-likelihood of the same images, in nats per image; null for data whose true
    /// factors are not known, or where it could not be computed.
    /// </summary>
    public double? LikelihoodBound { get; init; }

    /// <summary>The images in words, such as "the 10000 test images of mnist".</summary>
    public string Images => IsHeldOut
        ? Invariant($"{Score.Count} training images of {Data} that were held out, not the test images")
        : Invariant($"the {Score.Count} test images of {Data}");

    /// <summary>The scores in one line.</summary>
    public override string ToString() =>
        Invariant($"ELBO {Score.Elbo:0.000} nats per image, KL {Score.Kl:0.000}, MSE {Score.Mse:0.000000} per pixel on {Images}");

    /// <summary>Measures a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">The data.</param>
    /// <param name="heldOut">The number of training images to measure on in place of the test images; 0 for
    /// the test images.</param>
    /// <param name="seed">Decides all draws.</param>
    internal static RunEvaluation Measure(Run run, ImageData data, long heldOut, long seed)
    {
        using Split split = ConfigurationException.Guard(() => Split.Create(data, heldOut));
        return new RunEvaluation
        {
            Data = data.Name,
            IsHeldOut = heldOut > 0,
            Seed = seed,
            Score = run.Score(split.Test, seed),
            Topology = data.Family is { } family ? run.EvaluateTopology(family, seed: seed) : null,
            LikelihoodBound = data.Family is { } source
                ? Evaluation.LikelihoodBound.Compute(source, split.Test, run.Model.Likelihood)
                : null,
        };
    }
}
