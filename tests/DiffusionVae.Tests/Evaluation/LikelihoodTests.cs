using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>The two estimates of the likelihood against each other, and the ELBO against both.</summary>
public class LikelihoodTests
{
    public static TheoryData<string> Spaces =>
        ["sphere:1", "sphere:2", "sphere:3", "torus:2", "embedded-torus:3,0.6", "projective:2", "projective:3", "so3", "euclidean:2", "euclidean:1*torus:1"];

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Importance_sampling_agrees_with_quadrature_and_the_elbo_lies_below(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = SmallModels.Create(id);
        using ImageSet images = SmallModels.Images(model, 40);
        using var generator = new Generator(3, CPU);
        QuadratureLikelihood truth = QuadratureLikelihood.Measure(model, images);
        ImportanceLikelihood estimate = ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = 2000 });
        Elbo elbo = Elbo.Measure(model, images, generator);
        Assert.True(truth.Converged);
        Assert.InRange(truth.MaximumError, 0, 0.01);
        // One image: the relative error of the mean of L weights is sqrt(1/ESS - 1/L); five of them, for forty images.
        foreach (((double value, double exact), double size) in estimate.LogLikelihood.Zip(truth.LogLikelihood).Zip(estimate.EffectiveSampleSize))
        {
            Assert.InRange(value - exact, -(5 / Math.Sqrt(size)) - 0.01, (5 / Math.Sqrt(size)) + 0.01);
        }
        double error = Math.Sqrt(estimate.EffectiveSampleSize.Sum(size => 1 / size)) / 40;
        Assert.InRange(estimate.Mean - truth.Mean, -(4 * error) - truth.MeanError, (4 * error) + truth.MeanError);
        Assert.InRange(estimate.MeanEffectiveSampleSize, 20, 2000);
        Assert.True(elbo.Value < truth.Mean + (4 * elbo.StandardError), $"ELBO {elbo.Value}, log-likelihood {truth.Mean}");
    }
}
