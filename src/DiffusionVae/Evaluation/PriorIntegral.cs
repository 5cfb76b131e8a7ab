using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The mean of p(x|z) over the prior for many images x at once: a node is decoded once, and a product of matrices compares it with all.</summary>
internal sealed class PriorIntegral
{
    private readonly DiffusionAutoencoder model;
    private readonly Tensor images;

    /// <summary>Prepares for images [images, pixels], which are not owned.</summary>
    public PriorIntegral(DiffusionAutoencoder model, Tensor images) => (this.model, this.images) = (model, images);

    /// <summary>Nodes that are decoded at once.</summary>
    public int NodesAtOnce { get; init; } = 1024;

    /// <summary>Images that are compared with them at once.</summary>
    public int ImagesAtOnce { get; init; } = 512;

    /// <summary>log Σ w p(x|z) over the nodes z and weights w of a rule, for each image.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="report">Is told the number of nodes done.</param>
    /// <param name="cancellation">Asked between two pieces.</param>
    public double[] LogMean(QuadratureRule rule, Action<long> report, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        Tensor sums = torch.full([images.size(0)], double.NegativeInfinity, ScalarType.Float64, images.device);
        for (long start = 0; start < rule.Count; start += NodesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            int count = (int)Math.Min(NodesAtOnce, rule.Count - start);
            (Tensor points, Tensor weights) = rule.Nodes(start, count);
            AddTo(sums, model.DecoderOutput(points.to(images)), weights.log().to(images.device));
            report(start + count);
        }
        return sums.cpu().data<double>().ToArray();
    }

    private void AddTo(Tensor sums, Tensor output, Tensor logWeights)
    {
        for (long start = 0; start < images.size(0); start += ImagesAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            long count = Math.Min(ImagesAtOnce, images.size(0) - start);
            Tensor terms = model.Likelihood.CrossLogLikelihood(images.narrow(0, start, count), output).add_(logWeights);
            Tensor own = sums.narrow(0, start, count);
            own.copy_(torch.logaddexp(own, terms.logsumexp(-1)));
        }
    }
}
