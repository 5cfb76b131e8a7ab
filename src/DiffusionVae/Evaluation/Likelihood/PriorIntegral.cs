using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The mean of p(x|z) over the prior for many images x at once: a node is decoded once, and a product of matrices compares it with all.</summary>
/// <remarks>
/// Rules are expected from the coarsest to the finest. Once a rule is fine enough to say how much of the integral of each image lies in each box of latent space, the next ones leave out, for each image,
/// the boxes that have a share below e^-15 of it and no box beside them that has more: most of a latent space in three dimensions. A mode of p(x|z) of width s is at most 3/8 (h/s)² nats lower at the
/// node of that rule that is nearest, in its own box or in one beside it, if h is the spacing: none that is wider than a sixth of that spacing is left out.
/// </remarks>
internal sealed class PriorIntegral : IDisposable
{
    /// <summary>The parts into which each coordinate is cut, and the fewest nodes that a part must have.</summary>
    private const int Parts = 12, NodesOfPart = 4;

    /// <summary>The logarithm of the share of an image's integral below which a box is left out.</summary>
    private const double Negligible = -15;

    private readonly DiffusionAutoencoder model;
    private readonly Tensor images;

    /// <summary>What the last rule that was cut made of each box, [boxes, images], float32, and of all, [images], as logarithms.</summary>
    private (Tensor OfBoxes, Tensor Whole)? last;

    /// <summary>Prepares for images [images, pixels], which are not owned.</summary>
    public PriorIntegral(DiffusionAutoencoder model, Tensor images) => (this.model, this.images) = (model, images);

    /// <summary>Nodes that are decoded at once.</summary>
    public int NodesAtOnce { get; init; } = 1024;

    /// <summary>Images that are compared with them at once.</summary>
    public int ImagesAtOnce { get; init; } = 512;

    /// <summary>The pairs of an image and a node that were compared so far.</summary>
    public long Compared { get; private set; }

    /// <summary>log Σ w p(x|z) over the nodes z and weights w of a rule, for each image.</summary>
    /// <param name="rule">The rule; finer than the one before.</param>
    /// <param name="report">Is told the number of nodes done.</param>
    /// <param name="cancellationToken">Asked between two pieces.</param>
    public double[] LogMean(QuadratureRule rule, Action<long> report, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        bool cut = rule.FewestAlongACoordinate >= Parts * NodesOfPart;
        QuadratureBox[] boxes = [.. rule.Boxes(cut ? Parts : 1)];
        Tensor ofBoxes = last?.OfBoxes ?? torch.full([boxes.Length, images.size(0)], double.NegativeInfinity, ScalarType.Float32, images.device);
        Tensor whole = torch.full([images.size(0)], double.NegativeInfinity, ScalarType.Float64, images.device);
        Tensor matters = last is { } known ? Matters(known.OfBoxes - known.Whole, rule.Coordinates) : torch.ones(ofBoxes.shape, ScalarType.Bool, images.device);
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

    /// <summary>Whether the share of an image's integral that a box or one beside it has is large enough to matter, [boxes, images].</summary>
    /// <param name="shares">Logarithms, of the same shape.</param>
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
    private Tensor LogSums(QuadratureRule rule, QuadratureBox box, Tensor pixels, Action<long> report, CancellationToken cancellationToken)
    {
        Tensor sums = torch.full([pixels.size(0)], double.NegativeInfinity, ScalarType.Float64, images.device);
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
