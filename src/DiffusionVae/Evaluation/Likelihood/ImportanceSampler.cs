using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Draws the samples of <see cref="ImportanceLikelihood"/>, computes their weights and sums these, piece by
/// piece.
/// </summary>
internal sealed class ImportanceSampler
{
    /// <summary>
    /// The fraction of samples from the prior. It is large because one in fifteen images of MNIST has a
    /// second mode far away. With 5%, a thousand samples missed most of these modes, and the mean over images
    /// was 0.025 nats too low.
    /// </summary>
    private const double PriorShare = 0.3;

    /// <summary>
    /// The fraction of samples from a proposal of longer time, for images whose posterior is narrower than
    /// the true one or displaced.
    /// </summary>
    private const double WideShare = 0.15;

    /// <summary>The factor of that time. The proposal is three times as wide.</summary>
    private const double Widening = 9;

    /// <summary>The number of images encoded at once, at most.</summary>
    private const int MostImages = 1000;

    // Limits on the points drawn and weighted at once, and on their coordinates: large, because this takes a
    // hundred small operations.
    private const int MostPoints = 1 << 14;
    private const long MostCoordinates = 1 << 18;

    // Limits on the points decoded at once, and on their pixels: small, so that pixels stay in the cache
    // between two passes.
    private const int MostRows = 512;
    private const long MostPixels = 1 << 19;

    private static readonly Scalar Share = PriorShare;
    private static readonly Scalar WideShareOfRest = WideShare / (1 - PriorShare);
    private static readonly Scalar LogOwnShare = Math.Log(1 - PriorShare - WideShare);
    private static readonly Scalar LogWideShare = Math.Log(WideShare);
    private static readonly Scalar LogPriorShare = Math.Log(PriorShare);
    private static readonly Scalar LogWidening = Math.Log(Widening);
    private static readonly Scalar Two = 2.0;

    private readonly DiffusionAutoencoder model;
    private readonly LatentPrior prior;
    private readonly Generator generator;
    private readonly int samples;
    private readonly int pointsAtOnce;
    private readonly int groupSize;

    public ImportanceSampler(DiffusionAutoencoder model, Generator generator, int samples)
    {
        (this.model, this.generator, this.samples) = (model, generator, samples);
        prior = model.Latent.RequirePrior();
        pointsAtOnce = (int)Math.Clamp(MostCoordinates / model.Latent.AmbientDimension, 256, MostPoints);
        groupSize = Math.Clamp(pointsAtOnce / samples, 1, MostImages);
    }

    /// <summary>
    /// The number of points decoded at once; by default it depends on the size of the images.
    /// </summary>
    public long? RowsAtOnce { get; init; }

    /// <summary>
    /// Estimates log p(x) and the effective sample size of the first <paramref name="count"/> images.
    /// </summary>
    public (double[] LogLikelihood, double[] EffectiveSampleSize) Measure(
        Tensor images, long count, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        long done = 0;
        var reporting = new Lock();
        using Tensor first = images.narrow(0, 0, count);
        (double[] Values, double[] Sizes)[] parts = Shards.Map(model, first, groupSize, generator, (rows, own) =>
            new ImportanceSampler(model, own, samples) { RowsAtOnce = RowsAtOnce }.MeasureAll(rows, Report, cancellationToken));
        // Parts that were all begun are not stopped before their ends.
        cancellationToken.ThrowIfCancellationRequested();
        return ([.. parts.SelectMany(part => part.Values)], [.. parts.SelectMany(part => part.Sizes)]);

        void Report(long points)
        {
            lock (reporting)
            {
                done += points;
                progress?.Report((double)done / (count * samples));
            }
        }
    }

    /// <summary>Estimates them for some images, a group after the other.</summary>
    private (double[] Values, double[] Sizes) MeasureAll(Tensor images, Action<long> report, CancellationToken cancellationToken)
    {
        using var frozen = torch.no_grad();
        using Scalar logSamples = Math.Log(samples);
        var values = new List<double>();
        var sizes = new List<double>();
        foreach (Tensor group in images.split(groupSize))
        {
            using var scope = torch.NewDisposeScope();
            Posterior posterior = model.Encode(group);
            var own = new Posterior { Mean = posterior.Mean.unsqueeze(1), LogTime = posterior.LogTime.unsqueeze(1) };
            (Tensor sum, Tensor squares) = SumOfWeights(group, own, report, cancellationToken);
            values.AddRange((sum - logSamples).cpu().data<double>());
            sizes.AddRange((sum.mul(Two) - squares).exp().cpu().data<double>());
        }
        return ([.. values], [.. sizes]);
    }

    /// <summary>Logarithms of the sums of the weights and of their squares, each [images].</summary>
    private (Tensor Sum, Tensor Squares) SumOfWeights(
        Tensor images, Posterior posterior, Action<long> report, CancellationToken cancellationToken)
    {
        Tensor sum = torch.full([images.size(0)], double.NegativeInfinity, ScalarType.Float64, images.device);
        Tensor squares = sum.clone();
        for (long done = 0; done < samples; done += pointsAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            long count = Math.Min(pointsAtOnce, samples - done);
            Tensor points = Sample(posterior, images.size(0), count);
            Tensor logWeights = LogLikelihood(images, points, cancellationToken).sub_(LogRatio(posterior, points));
            sum.copy_(torch.logaddexp(sum, logWeights.logsumexp(-1)));
            squares.copy_(torch.logaddexp(squares, logWeights.mul(Two).logsumexp(-1)));
            report(count * images.size(0));
        }
        return (sum, squares);
    }

    /// <summary>Samples of the proposal r, [images, count, n].</summary>
    private Tensor Sample(Posterior posterior, long images, long count)
    {
        (Tensor mean, Tensor logTime) = (posterior.Mean, posterior.LogTime);
        Tensor widened = torch.rand([images, count, 1], ScalarType.Float32, mean.device, generator: generator).lt(WideShareOfRest);
        Tensor time = logTime + (widened.to(logTime.dtype) * LogWidening);
        Tensor proposed =
            prior.SampleProposal(new Posterior { Mean = mean.expand(images, count, mean.size(-1)), LogTime = time }, generator);
        Tensor anywhere = prior.Sample(images * count, generator, proposed.dtype).view(proposed.shape);
        Tensor fromPrior = torch.rand([images, count, 1], ScalarType.Float32, proposed.device, generator: generator).lt(Share);
        return torch.where(fromPrior, anywhere, proposed);
    }

    /// <summary>log r(z) - log p(z), [images, count].</summary>
    private Tensor LogRatio(Posterior posterior, Tensor points)
    {
        Tensor near = prior.LogProposalRatio(posterior, points).squeeze(-1).add_(LogOwnShare);
        var widened = new Posterior { Mean = posterior.Mean, LogTime = posterior.LogTime + LogWidening };
        Tensor wide = prior.LogProposalRatio(widened, points).squeeze(-1).add_(LogWideShare);
        // The density of the prior relative to itself is 1.
        return torch.logaddexp(torch.logaddexp(near, wide), torch.zeros_like(near).add_(LogPriorShare));
    }

    /// <summary>log p(x|z), [images, count].</summary>
    private Tensor LogLikelihood(Tensor images, Tensor points, CancellationToken cancellationToken)
    {
        (long count, long samplesOfEach) = (points.size(0), points.size(1));
        long rows = RowsAtOnce ?? Math.Clamp(MostPixels / images.size(-1), 128, MostRows);
        (long imagesAtOnce, long samplesAtOnce) = (Math.Max(1, rows / samplesOfEach), Math.Min(rows, samplesOfEach));
        Tensor values = torch.empty([count, samplesOfEach], ScalarType.Float64, images.device);
        for (long i = 0; i < count; i += imagesAtOnce)
        {
            for (long j = 0; j < samplesOfEach; j += samplesAtOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                (long height, long width) = (Math.Min(imagesAtOnce, count - i), Math.Min(samplesAtOnce, samplesOfEach - j));
                Tensor piece = points.narrow(0, i, height).narrow(1, j, width);
                Tensor output = model.DecoderOutput(piece.flatten(0, 1)).view(height, width, -1);
                Tensor logLikelihood = model.Likelihood.LogLikelihood(images.narrow(0, i, height), output);
                values.narrow(0, i, height).narrow(1, j, width).copy_(logLikelihood);
            }
        }
        return values;
    }
}
