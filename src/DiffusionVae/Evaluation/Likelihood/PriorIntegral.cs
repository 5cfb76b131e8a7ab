using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The mean of p(x|z) over the prior for many images x at once. Each node is decoded once, and a matrix
/// product compares it with all images.
/// </summary>
/// <remarks>
/// Rules must come from the coarsest to the finest. Latent space is cut into boxes. Once a rule is fine
/// enough to tell the share of each box in the integral of each image, the following rules leave out boxes
/// for each image: those whose share, and whose neighbours' shares, are below e⁻¹⁵. In three dimensions this
/// is most of the latent space. Let h be the spacing of a rule and s the width of a mode of p(x|z). At the
/// nearest node, in the mode's own box or in a neighbour, p(x|z) is at most 3/8 (h/s)² nats lower than at the
/// mode. Hence no mode wider than a sixth of the spacing is left out.
/// </remarks>
internal sealed class PriorIntegral : IDisposable
{
    /// <summary>
    /// The number of parts into which each coordinate is cut, and the smallest number of nodes of a part.
    /// </summary>
    private const int Parts = 12, NodesOfPart = 4;

    /// <summary>The logarithm of the share in an image's integral below which a box is left out.</summary>
    private const double Negligible = -15;

    private readonly DiffusionAutoencoder model;
    private readonly Tensor images;

    /// <summary>
    /// The logarithms of the last integrals over each box, [boxes, images], float32, and over all boxes,
    /// [images].
    /// </summary>
    private (Tensor OfBoxes, Tensor Whole)? last;

    /// <summary>Prepares the integrals of images, [images, pixels]. The caller keeps the tensor.</summary>
    public PriorIntegral(DiffusionAutoencoder model, Tensor images) => (this.model, this.images) = (model, images);

    /// <summary>The number of nodes decoded at once.</summary>
    public int NodesAtOnce { get; init; } = 1024;

    /// <summary>The number of images compared with them at once.</summary>
    public int ImagesAtOnce { get; init; } = 512;

    /// <summary>The number of pairs of an image and a node that were compared so far.</summary>
    public long Compared { get; private set; }

    /// <summary>log Σ w p(x|z) over the nodes z and weights w of a rule, for each image.</summary>
    /// <param name="rule">The rule, finer than the one before.</param>
    /// <param name="report">Receives the number of nodes done.</param>
    /// <param name="cancellationToken">Stops the computation between two pieces.</param>
    public double[] LogMean(QuadratureRule rule, Action<long> report, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        bool cut = rule.FewestAlongACoordinate >= Parts * NodesOfPart;
        QuadratureBox[] boxes = [.. rule.Boxes(cut ? Parts : 1)];
        Tensor ofBoxes = last?.OfBoxes ?? Nothing(ScalarType.Float32, boxes.Length, images.size(0));
        Tensor whole = Nothing(ScalarType.Float64, images.size(0));
        Tensor matters = last is { } known
            ? Matters(known.OfBoxes - known.Whole, rule.Coordinates)
            : torch.ones(ofBoxes.shape, ScalarType.Bool, images.device);
        long done = 0;
        foreach ((int index, QuadratureBox box) in boxes.Index())
        {
            using var inner = torch.NewDisposeScope();
            Tensor relevant = matters.select(0, index).nonzero().squeeze(-1);
            if (relevant.size(0) > 0)
            {
                Tensor sums = LogSums(rule, box, images.index_select(0, relevant), count => report(done + count), cancellationToken);
                ofBoxes.select(0, index).index_copy_(0, relevant, sums.to(ScalarType.Float32));
                whole.index_copy_(0, relevant, torch.logaddexp(whole.index_select(0, relevant), sums));
            }
            done += box.Count;
        }
        if (cut)
        {
            last?.Whole.Dispose();
            last = (ofBoxes.DetachFromDisposeScope(), whole.DetachFromDisposeScope());
        }
        return whole.cpu().data<double>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        last?.OfBoxes.Dispose();
        last?.Whole.Dispose();
    }

    /// <summary>
    /// Whether a box or one of its neighbours has a share in an image's integral that is not negligible,
    /// [boxes, images].
    /// </summary>
    /// <param name="shares">The logarithms of the shares, [boxes, images].</param>
    /// <param name="coordinates">The number of coordinates that were cut.</param>
    private static Tensor Matters(Tensor shares, int coordinates)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar negligible = Negligible;
        Tensor near = shares.gt(negligible).reshape([.. Enumerable.Repeat((long)Parts, coordinates), -1]);
        for (int axis = 0; axis < coordinates; axis++)
        {
            near = near | near.roll(1, axis) | near.roll(-1, axis);
        }
        return near.reshape(shares.shape).MoveToOuterDisposeScope();
    }

    /// <summary>log Σ w p(x|z) over the nodes of a box, for some of the images.</summary>
    private Tensor LogSums(
        QuadratureRule rule, QuadratureBox box, Tensor pixels, Action<long> report, CancellationToken cancellationToken)
    {
        Tensor sums = Nothing(ScalarType.Float64, pixels.size(0));
        for (long start = 0; start < box.Count; start += NodesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            int count = (int)Math.Min(NodesAtOnce, box.Count - start);
            (Tensor points, Tensor weights) = rule.Nodes(box, start, count);
            Compared += count * pixels.size(0);
            AddTo(sums, pixels, model.DecoderOutput(points.to(images)), weights.log().to(images.device));
            report(start + count);
        }
        return sums;
    }

    /// <summary>Logarithms of sums without terms.</summary>
    private Tensor Nothing(ScalarType type, params long[] shape) => torch.full(shape, double.NegativeInfinity, type, images.device);

    private void AddTo(Tensor sums, Tensor pixels, Tensor output, Tensor logWeights)
    {
        for (long start = 0; start < pixels.size(0); start += ImagesAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            long count = Math.Min(ImagesAtOnce, pixels.size(0) - start);
            Tensor terms = model.Likelihood.CrossLogLikelihood(pixels.narrow(0, start, count), output).add_(logWeights);
            Tensor own = sums.narrow(0, start, count);
            own.copy_(torch.logaddexp(own, terms.logsumexp(-1)));
        }
    }
}
