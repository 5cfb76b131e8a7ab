using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>Looks for tears and collisions of a map: pairs close on one side and far apart on the other.</summary>
/// <remarks>
/// It starts from the worst pairs of a sample, and moves their points about as long as that makes them worse. A homeomorphism could have such pairs only by stretching
/// or shrinking distances, relative to the two diameters, by a factor of 25.
/// </remarks>
internal sealed class PairSearch
{
    /// <summary>Closer than that share of the diameter is close.</summary>
    public const double Close = 0.01;

    /// <summary>Farther apart than that share of the diameter is far.</summary>
    public const double Far = 0.25;

    private const int Candidates = 256;
    private const int Rounds = 40;
    private const double FirstMove = 0.05;

    private readonly IMetricManifold factors;
    private readonly ProductMetric latents;
    private readonly Func<Tensor, Tensor> map;
    private readonly Tensor sample;
    private readonly Tensor images;
    private readonly double factorScale;
    private readonly double latentScale;
    private readonly Generator generator;

    /// <summary>Prepares a search.</summary>
    /// <param name="factors">Where the map starts.</param>
    /// <param name="latents">The distance where it ends.</param>
    /// <param name="map">The map.</param>
    /// <param name="sample">Points to start from, uniform, [count, n].</param>
    /// <param name="images">Where they go.</param>
    /// <param name="latentScale">The greatest distance of the images.</param>
    /// <param name="generator">The source of moves.</param>
    public PairSearch(IMetricManifold factors, ProductMetric latents, Func<Tensor, Tensor> map, Tensor sample, Tensor images, double latentScale, Generator generator)
    {
        (this.factors, this.latents, this.map, this.sample, this.images) = (factors, latents, map, sample, images);
        (factorScale, this.latentScale, this.generator) = (factors.Diameter, latentScale, generator);
    }

    /// <summary>The pair of close factors whose latents are farthest apart, if that is far.</summary>
    public FactorPair? Tear()
    {
        using var scope = torch.NewDisposeScope();
        Tensor first = sample, second = Moved(sample, Close / 2);
        Tensor worst = latents.Distance(images, map(second)).topk((int)Math.Min(Candidates, sample.size(0))).indexes;
        Pairs pairs = Measured(first.index_select(0, worst), second.index_select(0, worst));
        for (int round = 0; round < Rounds; round++)
        {
            Tensor moved = Moved(pairs.First, FirstMove * (1 - ((double)round / Rounds)));
            Pairs proposed = Measured(moved, Moved(moved, Close / 2));
            pairs = pairs.ReplacedWhere(proposed.LatentDistance.gt(pairs.LatentDistance).logical_and(proposed.FactorDistance.le(Close)), proposed);
        }
        Tensor shown = torch.where(pairs.FactorDistance.le(Close), pairs.LatentDistance, torch.zeros_like(pairs.LatentDistance));
        return shown.max().ToDouble() >= Far ? pairs.At(shown.argmax().item<long>()) : null;
    }

    /// <summary>The pair of far factors whose latents are closest, if that is close.</summary>
    public FactorPair? Collision()
    {
        using var scope = torch.NewDisposeScope();
        Tensor distances = latents.Distances(images, images);
        Tensor apart = ProductMetric.Of([factors])!.Distances(sample, sample).ge(Far * factorScale);
        (Tensor nearest, Tensor partner) = distances.masked_fill(apart.logical_not(), float.PositiveInfinity).min(1);
        Tensor worst = nearest.topk((int)Math.Min(Candidates, sample.size(0)), largest: false).indexes;
        Pairs pairs = Measured(sample.index_select(0, worst), sample.index_select(0, partner.index_select(0, worst)));
        for (int round = 0; round < Rounds; round++)
        {
            double move = FirstMove * Math.Pow(0.9, round);
            Pairs proposed = Measured(Moved(pairs.First, move), round % 2 == 0 ? pairs.Second : Moved(pairs.Second, move));
            pairs = pairs.ReplacedWhere(proposed.LatentDistance.lt(pairs.LatentDistance).logical_and(proposed.FactorDistance.ge(Far)), proposed);
        }
        Tensor shown = torch.where(pairs.FactorDistance.ge(Far), pairs.LatentDistance, torch.full_like(pairs.LatentDistance, float.PositiveInfinity));
        return shown.min().ToDouble() <= Close ? pairs.At(shown.argmin().item<long>()) : null;
    }

    /// <summary>Points at about a distance, a share of the diameter, in random directions.</summary>
    private Tensor Moved(Tensor points, double share)
    {
        Tensor direction = torch.randn(points.shape, points.dtype, points.device, generator: generator);
        Tensor tangent = factors is IFramedManifold framed ? Tangent(framed, points, direction) : direction;
        return factors.Project(points + (tangent / tangent.norm(-1, keepdim: true) * (share * factorScale)));
    }

    private static Tensor Tangent(IFramedManifold manifold, Tensor points, Tensor direction)
    {
        Tensor frame = manifold.Frame(points);
        return frame.transpose(-2, -1).matmul(frame.matmul(direction.unsqueeze(-1))).squeeze(-1);
    }

    private Pairs Measured(Tensor first, Tensor second)
    {
        Tensor[] encoded = map(torch.cat([first, second])).chunk(2);
        return new Pairs(first, second, encoded[0], encoded[1], factors.Distance(first, second).squeeze(-1) / factorScale, latents.Distance(encoded[0], encoded[1]) / latentScale);
    }

    private sealed record Pairs(Tensor First, Tensor Second, Tensor FirstLatent, Tensor SecondLatent, Tensor FactorDistance, Tensor LatentDistance)
    {
        public Pairs ReplacedWhere(Tensor better, Pairs other)
        {
            Tensor rows = better.unsqueeze(-1);
            return new Pairs(
                torch.where(rows, other.First, First),
                torch.where(rows, other.Second, Second),
                torch.where(rows, other.FirstLatent, FirstLatent),
                torch.where(rows, other.SecondLatent, SecondLatent),
                torch.where(better, other.FactorDistance, FactorDistance),
                torch.where(better, other.LatentDistance, LatentDistance));
        }

        public FactorPair At(long i) => new(
            Row(First, i), Row(Second, i), Row(FirstLatent, i), Row(SecondLatent, i), FactorDistance[i].ToDouble(), LatentDistance[i].ToDouble());

        private static float[] Row(Tensor points, long i) => points[i].cpu().contiguous().data<float>().ToArray();
    }
}
