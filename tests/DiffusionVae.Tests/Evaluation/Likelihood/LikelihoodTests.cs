using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>
/// The two estimates of the likelihood against each other and against a closed form, and the ELBO against
/// both.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public class LikelihoodTests
{
    private const int Count = 60;
    private const int Samples = 2000;

    public static TheoryData<string> Spaces =>
        ["sphere:1", "sphere:2", "sphere:3", "torus:2", "embedded-torus:3,0.6", "projective:2", "projective:3", "so3", "euclidean:2",
            "euclidean:1*torus:1"];

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Importance_sampling_agrees_with_quadrature_and_the_elbo_lies_below(string id)
    {
        using DiffusionAutoencoder model = SmallModels.Train(id);
        using ImageSet images = SmallModels.Images(model, Count);
        using var generator = new Generator(3, CPU);
        QuadratureLikelihood truth = QuadratureLikelihood.Measure(model, images);
        ImportanceLikelihood estimate = ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = Samples });
        ModelScore elbo = ModelScore.Measure(model, images, generator);

        Assert.True(truth.Converged);
        AssertAgreement(truth.LogLikelihood, estimate, truth.MaximumError);
        Assert.InRange(estimate.Mean - truth.Mean, -0.02, 0.02);
        // One draw of the posterior for each image: the ELBO is off by less than its spread over images.
        Assert.True(elbo.Elbo < truth.Mean + (3 * elbo.StandardError), $"ELBO {elbo.Elbo}, log-likelihood {truth.Mean}");
    }

    [Fact]
    public void Both_agree_on_zeros_and_ones()
    {
        using DiffusionAutoencoder model = SmallModels.Train("sphere:2", "bernoulli");
        using ImageSet grey = SmallModels.Images(model, Count);
        using var generator = new Generator(3, CPU);
        using ImageSet images = grey.Binarised(generator);
        QuadratureLikelihood truth = QuadratureLikelihood.Measure(model, images);
        AssertAgreement(
            truth.LogLikelihood, ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = Samples }),
            truth.MaximumError);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.01)]
    public void Both_agree_with_the_closed_form_of_a_linear_decoder(double variance)
    {
        (DiffusionAutoencoder model, Func<Tensor, double[]> exact) = SmallModels.Linear(variance);
        using ImageSet images = SmallModels.Images(model, Count);
        using var generator = new Generator(4, CPU);
        double[] truth = exact(images.Pixels);
        QuadratureLikelihood quadrature = QuadratureLikelihood.Measure(model, images);
        ImportanceLikelihood importance =
            ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = Samples });
        Assert.True(quadrature.Converged);
        Assert.All(truth.Zip(quadrature.LogLikelihood, quadrature.Errors), image =>
            Assert.InRange(image.Second - image.First, -image.Third - 2e-4, image.Third + 2e-4));
        // 55% of the proposal r is the posterior q: the mean of q²/r² under r is 1/0.55 at most, and the
        // relative variance of the weights 0.82.
        double tolerance = 5.5 * Math.Sqrt(0.82 / Samples);
        Assert.All(truth.Zip(importance.LogLikelihood), image => Assert.InRange(image.Second - image.First, -tolerance, tolerance));
        Assert.InRange(importance.MeanEffectiveSampleSize, 0.54 * Samples, Samples);
        model.Dispose();
    }

    [Fact]
    public void The_bound_rises_with_the_number_of_samples()
    {
        using DiffusionAutoencoder model = SmallModels.Train("torus:2");
        using ImageSet images = SmallModels.Images(model, Count);
        using var generator = new Generator(4, CPU);
        double truth = QuadratureLikelihood.Measure(model, images).Mean;
        const int repetitions = 64;
        // The gap and its standard error, of independent repetitions.
        (double Gap, double Error) Estimate(int samples)
        {
            double[] gaps =
            [
                .. Enumerable.Range(0, repetitions)
                    .Select(_ =>
                        truth - ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = samples }).Mean),
            ];
            double mean = gaps.Average();
            return (mean, Math.Sqrt(gaps.Sum(gap => (gap - mean) * (gap - mean)) / (repetitions - 1) / repetitions));
        }

        (double Gap, double Error)[] found = [Estimate(1), Estimate(10), Estimate(100)];
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(
            pair.First.Gap - pair.Second.Gap > 3 * Math.Sqrt(
                (pair.First.Error * pair.First.Error) + (pair.Second.Error * pair.Second.Error)), string.Join(", ", found)));
        Assert.InRange(found[^1].Gap, -4 * found[^1].Error, 0.02);
    }

    /// <summary>
    /// One image: the relative error of the mean of L weights is sqrt(1/ESS - 1/L). All images: the mean of
    /// such errors.
    /// </summary>
    private static void AssertAgreement(IReadOnlyList<double> truth, ImportanceLikelihood estimate, double tolerance)
    {
        double[] spread = [.. estimate.EffectiveSampleSize.Select(size => Math.Sqrt(Math.Max(0, (1 / size) - (1.0 / estimate.Samples))))];
        for (int i = 0; i < truth.Count; i++)
        {
            double error = estimate.LogLikelihood[i] - truth[i];
            Assert.True(Math.Abs(error) < (5.5 * spread[i])
                + tolerance, $"Image {i}: off by {error}, effective sample size {estimate.EffectiveSampleSize[i]}.");
        }
        double mean = Math.Sqrt(spread.Sum(s => s * s)) / truth.Count;
        double bias = spread.Average(s => s * s / 2);
        Assert.InRange(estimate.Mean - truth.Average(), -(4.5 * mean) - (2 * bias) - tolerance, (4.5 * mean) + tolerance);
    }
}
