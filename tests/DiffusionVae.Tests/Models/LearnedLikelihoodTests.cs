using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>
/// Likelihoods of counts, and those with learnt parameters, against densities written out in double precision
/// and marginals by Gauss-Hermite quadrature.
/// </summary>
public sealed class LearnedLikelihoodTests : IDisposable
{
    private const int Features = 4;
    private static readonly double[] Slopes = [0.8, -0.5, 0.3, 0.6];
    private static readonly double[] Intercepts = [1, 0.5, 1.5, -1];

    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> All => ["poisson", "negative-binomial", "gaussian:learned", "gaussian:learned-each"];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void All_forms_agree_with_densities_in_double_precision(string id)
    {
        Tensor data = Counts(6);
        PixelLikelihood likelihood = Prepared(id, data);
        Tensor outputs = randn([7, Features], generator: new Generator(2, CPU));
        Tensor cross = likelihood.CrossLogLikelihood(data, outputs);
        Tensor each = likelihood.LogLikelihood(data, outputs.expand(6, 7, Features));
        Tensor scores = likelihood.Score(data.unsqueeze(1).expand(6, 7, Features), outputs.expand(6, 7, Features)).LogLikelihood;
        double[] x = Numeric.Values(data), l = Numeric.Values(outputs);
        double[] expected = [.. from i in Enumerable.Range(0, 6) from k in Enumerable.Range(0, 7) select Enumerable.Range(0, Features)
            .Sum(j => LogDensity(likelihood, data, j, x[(i * Features) + j], l[(k * Features) + j]))];
        Tensor truth = tensor(expected).view(6, 7);
        Assert.InRange(Numeric.Greatest(cross - truth), 0, 2e-4); // as documented
        Assert.InRange(Numeric.Greatest(each - truth), 0, 2e-4);
        Assert.InRange(Numeric.Greatest(scores - truth), 0, 2e-4);
        // A probability: over all counts that matter it adds up to 1.
        if (likelihood.NeedsCounts)
        {
            Tensor all = arange(400, ScalarType.Float32).unsqueeze(1).expand(400, Features).contiguous();
            PixelLikelihood single = likelihood;
            double sum = Enumerable.Range(0, 400).Sum(k => Math.Exp(LogDensity(single, data, 0, k, 1)));
            Assert.Equal(1, sum, 1e-9);
            Assert.Equal([400], single.Score(all, ones(400, Features)).LogLikelihood.shape);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Both_estimates_of_the_marginal_agree_with_Gauss_Hermite_quadrature(string id)
    {
        const int count = 12, samples = 4000;
        Tensor data = Counts(count);
        PixelLikelihood likelihood = Prepared(id, data);
        using DiffusionAutoencoder model = Linear(likelihood);
        using var images = new ImageSet("counts", data);
        using var generator = new Generator(3, CPU);
        QuadratureLikelihood quadrature = QuadratureLikelihood.Measure(model, images);
        ImportanceLikelihood importance =
            ImportanceLikelihood.Measure(model, images, generator, new ImportanceOptions { Samples = samples });
        double[] x = Numeric.Values(data), truth = [.. Enumerable.Range(0, count).Select(i => LogMarginal(x[(i * Features)..]))];
        Assert.All(truth.Zip(quadrature.LogLikelihood, quadrature.Errors), image =>
            Assert.InRange(image.Second - image.First, -image.Third - 2e-4, image.Third + 2e-4));
        // The relative variance of a mean of weights is about 1/ESS.
        Assert.All(truth.Zip(importance.LogLikelihood, importance.EffectiveSampleSize), image =>
            Assert.InRange(Math.Abs(image.Second - image.First), 0, 5.5 / Math.Sqrt(image.Third)));

        double LogMarginal(double[] row)
        {
            (double[] nodes, double[] weights) = GaussHermite(64);
            double[] terms = [.. nodes.Zip(weights, (z, w) => Math.Log(w) + Enumerable.Range(0, Features)
                .Sum(j => LogDensity(likelihood, data, j, row[j], (Slopes[j] * z) + Intercepts[j])))];
            double most = terms.Max();
            return most + Math.Log(terms.Sum(term => Math.Exp(term - most)));
        }
    }

    [Fact]
    public void Ten_times_the_data_lower_the_ELBO_by_d_log_10()
    {
        Tensor data = randn([200, Features], generator: new Generator(5, CPU)) * tensor(new[] { 1f, 5, 0.1f, 30 }) + 7;
        double Elbo(Tensor values)
        {
            using var set = new ImageSet("vectors", values);
            using var weights = new Generator(1, CPU);
            using var noise = new Generator(2, CPU);
            var options = new NetworkOptions { EncoderWidths = [16], DecoderWidths = [16], Decoder = "gaussian:learned" };
            using DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpace.Parse("sphere:2"), set, options, weights);
            var training = new TrainingOptions { Epochs = 2, BatchSize = 50 };
            new Trainer(model, training).Train(set, set);
            return ModelScore.Measure(model, set, noise).Elbo;
        }
        // The networks see the same numbers up to rounding, which a few steps of Adam enlarge.
        Assert.Equal(Features * Math.Log(10), Elbo(data) - Elbo(data * 10), 0.02);
    }

    [Fact]
    public void The_variance_has_the_floor_of_rounding()
    {
        var bytes = randint(0, 256, [50, 3, 4], ScalarType.Byte, generator: new Generator(6, CPU));
        using var images = new ImageSet("bytes", bytes);
        Assert.Equal(1.0 / (255 * 255 * 12), Least(images), 1e-9);
        using var flat = new ImageSet("flat", full([50, 3, 4], 0.25));
        Assert.Equal(1e-6, Least(flat), 1e-9); // of no variance 1 is taken

        static double Least(ImageSet images)
        {
            var likelihood = new LearnedGaussianLikelihood(images.Shape);
            likelihood.Prepare(images.Pixels, images.Shape);
            using var frozen = no_grad();
            foreach (TorchSharp.Modules.Parameter parameter in likelihood.Parameters!.parameters())
            {
                parameter.fill_(-1000);
            }
            return Numeric.Values(likelihood.Variance()).Single();
        }
    }

    [Fact]
    public void The_variance_of_noise_is_learnt()
    {
        // Vectors of noise alone: the best mean is constant, and the best variance that of the data.
        const int count = 1000;
        Tensor data = (randn([count, Features], generator: new Generator(7, CPU)) * 0.2) + 3;
        using var set = new ImageSet("noise", data);
        using var weights = new Generator(1, CPU);
        var options = new NetworkOptions { EncoderWidths = [8], DecoderWidths = [8], Decoder = "gaussian:learned-each" };
        using DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpace.Parse("sphere:1"), set, options, weights);
        using (no_grad())
        {
            ((LearnedGaussianLikelihood)model.Likelihood).Parameters!.parameters().Single().fill_(0.1); // e times the variance
        }
        // A point of the circle would explain some of the noise; this weight of the divergence keeps it out.
        var training = new TrainingOptions { Epochs = 40, BatchSize = 100, LearningRate = 0.005, KlWeight = 1000, KlWarmup = 0 };
        new Trainer(model, training).Train(set, set);
        double[] ratios = Numeric.Values(((LearnedGaussianLikelihood)model.Likelihood).Variance() / data.var(0));
        // var divides by one less than the count, and the last batches leave a little noise.
        Assert.All(ratios, ratio => Assert.InRange(ratio, 0.98, 1.02));
    }

    [Theory]
    [InlineData(0.5f, "found 0.5")]
    [InlineData(-1f, "found -1")]
    public void Counts_must_be_counts(float value, string found)
    {
        Tensor wrong = ones(3, Features);
        wrong[1, 2] = value;
        using var set = new ImageSet("table", wrong);
        var fault = Assert.Throws<ArgumentException>(() => new PoissonLikelihood().RequireOutcomes(set.Pixels, set.Name));
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
    }

    private static Tensor Counts(int count) =>
        randint(0, 7, [count, Features], generator: new Generator(8, CPU)).to(ScalarType.Float32);

    private static PixelLikelihood Prepared(string id, Tensor data)
    {
        var shape = ObservationShape.Vector(Features);
        var likelihood = PixelLikelihood.Parse(id, shape);
        likelihood.Prepare(data, shape);
        using var frozen = no_grad();
        foreach (TorchSharp.Modules.Parameter parameter in likelihood.Parameters?.parameters() ?? [])
        {
            parameter.add_(randn(parameter.shape, generator: new Generator(9, CPU)) * 0.05);
        }
        return likelihood;
    }

    private static DiffusionAutoencoder Linear(PixelLikelihood likelihood)
    {
        using var frozen = no_grad();
        TorchSharp.Modules.Linear encoder = nn.Linear(Features, 2), decoder = nn.Linear(1, Features);
        encoder.weight!.zero_();
        encoder.bias!.zero_();
        decoder.weight!.copy_(tensor(Slopes).unsqueeze(1));
        decoder.bias!.copy_(tensor(Intercepts));
        return new DiffusionAutoencoder(LatentSpace.Parse("euclidean:1"), encoder, decoder, likelihood);
    }

    /// <summary>Of feature j, by the definition of each distribution.</summary>
    private static double LogDensity(PixelLikelihood likelihood, Tensor data, int j, double x, double output)
    {
        switch (likelihood)
        {
            case PoissonLikelihood:
                double mean = Math.Exp(output);
                return Enumerable.Range(1, (int)x).Sum(k => Math.Log(mean / k)) - mean;
            case NegativeBinomialLikelihood binomial:
                double r = Math.Exp(Numeric.Values(binomial.LogSize())[j]), p = Math.Exp(output) / (r + Math.Exp(output));
                return (r * Math.Log(1 - p)) + Enumerable.Range(1, (int)x).Sum(k => Math.Log((k - 1 + r) / k * p));
            case LearnedGaussianLikelihood gaussian:
                double[] column = Numeric.Values(data.select(1, j)), theta = Numeric.Values(gaussian.Parameters!.parameters().Single());
                double centre = column.Average(), unit = column.Sum(value => (value - centre) * (value - centre)) / column.Length;
                // Steps of 1 between counts: a twelfth is the variance of their rounding.
                double v = (unit * Math.Exp(10 * theta[theta.Length == 1 ? 0 : j])) + (1.0 / 12);
                return -0.5 * (Math.Log(2 * Math.PI * v) + ((x - output) * (x - output) / v));
            default:
                throw new InvalidOperationException(likelihood.Id);
        }
    }

    /// <summary>Nodes and weights for the standard normal distribution, by Golub and Welsch (1969).</summary>
    private static (double[] Nodes, double[] Weights) GaussHermite(int order)
    {
        Tensor beside = arange(1, order, ScalarType.Float64).sqrt();
        (Tensor nodes, Tensor vectors) = linalg.eigh(diag(beside, 1) + diag(beside, -1));
        return (Numeric.Values(nodes), Numeric.Values(vectors[0].square()));
    }
}
