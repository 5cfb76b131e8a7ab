using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>The terms of the bound, each computed another way.</summary>
public class ElboTests
{
    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void The_terms_are_what_encoder_latent_space_and_decoder_give_one_by_one(string id) => Replay.Seeds(generator =>
    {
        using DiffusionAutoencoder model = Pictures.Model(id);
        using ImageSet images = Pictures.Waves(7, 1);
        Tensor state = generator.get_state();
        ElboTerms terms = model.Elbo(images.Pixels, generator);
        generator.set_state(state);
        Tensor output = model.Encoder.forward(images.Pixels);
        Tensor mean = model.Latent.Mean(output.narrow(-1, 0, model.Latent.MeanDimension));
        Tensor logTime = model.Latent.LogTime(output.narrow(-1, model.Latent.MeanDimension, model.Latent.TimeDimension));
        var drawnFrom = new Posterior { Mean = mean, LogTime = logTime };
        Tensor decoded = model.Decoder.forward(model.Latent.Features(model.Latent.Sample(drawnFrom, generator)));
        double[][] x = Rows(images.Pixels), y = Rows(decoded);
        double[] errors = [.. x.Zip(y, (a, b) => a.Zip(b, (u, v) => (u - v) * (u - v)).Sum())];
        double constant = -Pictures.Side * Pictures.Side / 2.0 * Math.Log(2 * Math.PI);
        AssertClose(errors, terms.SquaredError);
        AssertClose([.. errors.Select(error => constant - (error / 2))], terms.LogLikelihood);
        AssertClose(Numeric.Values(model.Latent.Divergence(new Posterior { Mean = mean, LogTime = logTime })), terms.Divergence);
        AssertClose(Numeric.Values(mean), terms.Posterior.Mean);
        AssertClose(Numeric.Values(logTime), terms.Posterior.LogTime);
        Assert.InRange(Numeric.Greatest(model.Reconstruct(images.Pixels) - model.Decode(mean)), 0, 1e-6);
    }, count: 1);

    /// <summary>
    /// Image by image and sample by sample, in double precision, of samples that the latent space draws of
    /// the posteriors repeated.
    /// </summary>
    [Theory]
    [InlineData("sphere:2", "gaussian:0.25", false)]
    [InlineData("projective:2", "gaussian", true)]
    [InlineData("euclidean:2*torus:1", "bernoulli", false)]
    public void Several_samples_of_each_posterior_give_the_mean_of_their_terms(string id, string likelihood, bool averageAntipodes) =>
        Replay.Seeds(generator =>
    {
        const int samples = 3;
        using DiffusionAutoencoder model =
            Pictures.Model(id, Pictures.Small with { Decoder = likelihood, AverageAntipodes = averageAntipodes });
        using ImageSet images = Pictures.Waves(7, 1);
        Tensor state = generator.get_state();
        ElboTerms terms = model.Elbo(images.Pixels, generator, samples);
        generator.set_state(state);
        Posterior posterior = model.Encode(images.Pixels);
        Tensor Repeated(Tensor rows) => cat([.. Enumerable.Repeat(rows, samples)]);
        var repeated = new Posterior { Mean = Repeated(posterior.Mean), LogTime = Repeated(posterior.LogTime) };
        Tensor points = model.Latent.Sample(repeated, generator);
        Tensor outputs = model.DecoderOutput(points);
        PixelScore[] fits =
            [.. Enumerable.Range(0, samples).Select(sample => model.Likelihood.Score(images.Pixels, outputs.narrow(0, 7 * sample, 7)))];
        double[] Means(Func<PixelScore, Tensor> term) =>
            [.. Enumerable.Range(0, 7).Select(image => fits.Average(fit => Numeric.Values(term(fit))[image]))];
        AssertClose(Means(fit => fit.LogLikelihood), terms.LogLikelihood);
        AssertClose(Means(fit => fit.SquaredError), terms.SquaredError);
        AssertClose(Numeric.Values(model.Latent.Divergence(posterior)), terms.Divergence);
        AssertClose(Numeric.Values(posterior.Mean), terms.Posterior.Mean);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Elbo(images.Pixels, generator, 0));
    }, count: 1);

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void The_bound_of_an_image_does_not_depend_on_its_neighbours_and_nothing_is_left_behind(string id)
    {
        using DiffusionAutoencoder model = Pictures.Model(id);
        using ImageSet images = Pictures.Waves(7, 2);
        using var generator = new Generator(1, CPU);
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor together = model.Elbo(images.Pixels, generator).Divergence;
            for (int i = 0; i < 7; i++)
            {
                Tensor alone = model.Elbo(images.Pixels.narrow(0, i, 1), generator).Divergence;
                // Matrix products of other shapes round otherwise.
                Assert.InRange(Numeric.Greatest(alone - together.narrow(0, i, 1)), 0, 1e-4);
            }
        }
        Assert.Equal(0, Leaks.Of(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            ElboTerms terms = model.Elbo(images.Pixels, generator);
            (terms.Divergence.sum() - terms.LogLikelihood.sum()).backward();
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.02)]
    public void The_Gaussian_likelihood_is_a_sum_of_normal_log_densities(double variance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor((double[])[0.1, 0.9, 0.4]).unsqueeze(0), mean = tensor((double[])[0.3, 0.8, -1]).unsqueeze(0);
        PixelScore fit = new GaussianLikelihood(variance).Score(x, mean);
        double LogDensity(double error) => (-error * error / (2 * variance)) - (0.5 * Math.Log(2 * Math.PI * variance));
        double expected = LogDensity(-0.2) + LogDensity(0.1) + LogDensity(1.4);
        Assert.Equal(expected, fit.LogLikelihood.item<double>(), 1e-12);
        Assert.Equal(0.04 + 0.01 + 1.96, fit.SquaredError.item<double>(), 1e-12);
    }

    [Fact]
    public void The_Bernoulli_likelihood_is_minus_the_binary_cross_entropy() => Replay.Seeds(generator =>
    {
        Tensor logits = randn([9, 30], generator: generator) * 20;
        Tensor x = rand([9, 30], generator: generator).gt(0.5).to(ScalarType.Float32);
        PixelScore fit = new BernoulliLikelihood().Score(x, logits);
        Tensor expected = -nn.functional.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.None).sum(-1);
        Assert.InRange(Numeric.Greatest((fit.LogLikelihood - expected) / (expected.abs() + 1)), 0, 1e-6);
        Assert.InRange(Numeric.Greatest(fit.SquaredError - (x - logits.sigmoid()).square().sum(-1)), 0, 1e-5);
    });

    [Fact]
    public void Binarised_pixels_are_1_as_often_as_they_are_grey() => Replay.Seeds(generator =>
    {
        const int count = 40_000;
        Tensor grey = linspace(0, 1, 11).reshape(1, 1, 11);
        using var images = new ImageSet("greys", grey.repeat(count, 1, 1));
        using ImageSet binary = images.Binarised(generator);
        Assert.True((binary.Pixels.eq(0).logical_or(binary.Pixels.eq(1))).all().item<bool>());
        double[] means = Numeric.Values(binary.Pixels.mean([0], type: ScalarType.Float64));
        for (int i = 0; i <= 10; i++)
        {
            Statistics.AssertMean(
                i / 10.0, means[i], Math.Sqrt(i / 10.0 * (1 - (i / 10.0))), count, FormattableString.Invariant($"grey {i / 10.0}"));
        }
    });

    [Fact]
    public void A_Bernoulli_decoder_refuses_pixels_that_are_no_probabilities_before_anything_is_trained()
    {
        using DiffusionAutoencoder model = Pictures.Model("sphere:2", Pictures.Small with { Decoder = "bernoulli" });
        using ImageSet good = Pictures.Waves(4, 1);
        using var bad = new ImageSet("bad", (good.Pixels - 0.75f).reshape(-1, Pictures.Side, Pictures.Side));
        double[] before = [.. model.parameters().SelectMany(Numeric.Values)];
        var trainer = new Trainer(model, new TrainingOptions { Epochs = 1 });
        Assert.Contains(
            "for the decoder 'bernoulli' they must lie in [0, 1]", Assert.Throws<ArgumentException>(() => trainer.Train(bad, good)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => trainer.Train(good, bad));
        Assert.Equal(before, model.parameters().SelectMany(Numeric.Values));
    }

    [Theory]
    [InlineData("gaussian", "gaussian")]
    [InlineData("gaussian:1", "gaussian")]
    [InlineData("gaussian:0.25", "gaussian:0.25")]
    [InlineData("bernoulli", "bernoulli")]
    public void Likelihoods_are_read_and_written(string id, string written) => Assert.Equal(written, PixelLikelihood.Parse(id).Id);

    [Theory]
    [InlineData("gauss")]
    [InlineData("gaussian:0")]
    [InlineData("gaussian:-1")]
    [InlineData("gaussian:NaN")]
    [InlineData("gaussian:1,5")]
    [InlineData("bernoulli:1")]
    [InlineData("")]
    public void Other_likelihoods_are_refused_also_as_options(string id)
    {
        string message = $"There is no decoder '{id}'. There are gaussian (variance 1), gaussian:V with a variance V > 0, "
            + "gaussian:learned, gaussian:learned-each (a variance for each feature), bernoulli, poisson and negative-binomial.";
        Assert.Equal(message, Assert.Throws<FormatException>(() => PixelLikelihood.Parse(id)).Message);
        Assert.Equal(
            ["EncoderWidths is 0; every width must lie between 1 and 65536.", message],
            new NetworkOptions { EncoderWidths = [0], Decoder = id }.Faults());
    }

    private static double[][] Rows(Tensor tensor) => [.. Numeric.Values(tensor).Chunk((int)tensor.size(-1))];

    private static void AssertClose(double[] expected, Tensor found) =>
        Assert.All(Numeric.Values(found).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * (1 + Math.Abs(pair.Second))));
}
