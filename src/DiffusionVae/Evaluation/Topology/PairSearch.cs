using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Looks for tears and collisions of a map: pairs close on one side and far apart on the other.
/// </summary>
/// <remarks>
/// It starts from the worst pairs of a sample, and moves their points at random, keeping the moves that make
/// the pairs worse. A homeomorphism could have such pairs only by stretching or shrinking distances, relative
/// to the two diameters, by a factor of 25.
/// </remarks>
internal sealed class PairSearch
{
    /// <summary>Points closer than this share of the diameter are close.</summary>
    public const double Close = 0.01;

    /// <summary>Points farther apart than this share of the diameter are far.</summary>
    public const double Far = 0.25;

    private const int Candidates = 256;
    private const int Rounds = 40;
    private const double FirstMove = 0.05;

    private readonly IMetricManifold factors;
    private readonly ProductMetric latents;
    private readonly Func<Tensor, Tensor> map;
    private readonly Tensor sample;
    private readonly Tensor mapped;
    private readonly double factorScale;
    private readonly double latentScale;
    private readonly Generator generator;

    /// <summary>Prepares a search.</summary>
    /// <param name="factors">The source of the map.</param>
    /// <param name="latents">The distance on its target.</param>
    /// <param name="map">The map.</param>
    /// <param name="sample">Points to start from, uniform, [count, n].</param>
    /// <param name="mapped">Their values under the map, [count, n'].</param>
    /// <param name="latentScale">The greatest distance of values.</param>
    /// <param name="generator">The source of moves.</param>
    public PairSearch(
        IMetricManifold factors,
        ProductMetric latents,
        Func<Tensor, Tensor> map,
        Tensor sample,
        Tensor mapped,
        double latentScale,
        Generator generator)
    {
        (this.factors, this.latents, this.map, this.sample, this.mapped) = (factors, latents, map, sample, mapped);
        (factorScale, this.latentScale, this.generator) = (factors.Diameter, latentScale, generator);
    }

    /// <summary>The pair of close factors whose latents are farthest apart, if that is far.</summary>
    public FactorPair? Tear()
    {
        using var scope = torch.NewDisposeScope();
        Tensor first = sample, second = Moved(sample, Close / 2);
        Tensor worst = latents.Distance(mapped, map(second)).topk((int)Math.Min(Candidates, sample.size(0))).indexes;
        Pairs pairs = Measured(first.index_select(0, worst), second.index_select(0, worst));
        for (int round = 0; round < Rounds; round++)
        {
            Tensor moved = Moved(pairs.First, FirstMove * (1 - ((double)round / Rounds)));
            Pairs proposed = Measured(moved, Moved(moved, Close / 2));
            Tensor worse = proposed.LatentDistance.gt(pairs.LatentDistance).logical_and(proposed.FactorDistance.le(Close));
            pairs = pairs.ReplacedWhere(worse, proposed);
        }
        Tensor shown = torch.where(pairs.FactorDistance.le(Close), pairs.LatentDistance, torch.zeros_like(pairs.LatentDistance));
        return shown.max().ToDouble() >= Far ? pairs.At(shown.argmax().item<long>()) : null;
    }

    /// <summary>The pair of far factors whose latents are closest, if that is close.</summary>
    public FactorPair? Collision()
    {
        using var scope = torch.NewDisposeScope();
        Tensor distances = latents.Distances(mapped, mapped);
        Tensor apart = ProductMetric.Create([factors])!.Distances(sample, sample).ge(Far * factorScale);
        (Tensor nearest, Tensor partner) = distances.masked_fill(apart.logical_not(), float.PositiveInfinity).min(1);
        Tensor worst = nearest.topk((int)Math.Min(Candidates, sample.size(0)), largest: false).indexes;
        Pairs pairs = Measured(sample.index_select(0, worst), sample.index_select(0, partner.index_select(0, worst)));
        for (int round = 0; round < Rounds; round++)
        {
            double move = FirstMove * Math.Pow(0.9, round);
            Pairs proposed = Measured(Moved(pairs.First, move), round % 2 == 0 ? pairs.Second : Moved(pairs.Second, move));
            Tensor worse = proposed.LatentDistance.lt(pairs.LatentDistance).logical_and(proposed.FactorDistance.ge(Far));
            pairs = pairs.ReplacedWhere(worse, proposed);
        }
        Tensor never = torch.full_like(pairs.LatentDistance, float.PositiveInfinity);
        Tensor shown = torch.where(pairs.FactorDistance.ge(Far), pairs.LatentDistance, never);
        return shown.min().ToDouble() <= Close ? pairs.At(shown.argmin().item<long>()) : null;
    }

    /// <summary>Points moved in random directions by about a share of the diameter.</summary>
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
        Tensor[] values = map(torch.cat([first, second])).chunk(2);
        Tensor factorDistance = factors.Distance(first, second).squeeze(-1) / factorScale;
        return new Pairs(first, second, values[0], values[1], factorDistance, latents.Distance(values[0], values[1]) / latentScale);
    }

    private sealed class Pairs(
        Tensor first, Tensor second, Tensor firstLatent, Tensor secondLatent, Tensor factorDistance, Tensor latentDistance)
    {
        public Tensor First => first;

        public Tensor Second => second;

        public Tensor FactorDistance => factorDistance;

        public Tensor LatentDistance => latentDistance;

        private Tensor FirstLatent => firstLatent;

        private Tensor SecondLatent => secondLatent;

        public Pairs ReplacedWhere(Tensor chosen, Pairs other)
        {
            Tensor rows = chosen.unsqueeze(-1);
            return new Pairs(
                torch.where(rows, other.First, First),
                torch.where(rows, other.Second, Second),
                torch.where(rows, other.FirstLatent, FirstLatent),
                torch.where(rows, other.SecondLatent, SecondLatent),
                torch.where(chosen, other.FactorDistance, FactorDistance),
                torch.where(chosen, other.LatentDistance, LatentDistance));
        }

        public FactorPair At(long i) => new()
        {
            FirstFactor = Row(First, i),
            SecondFactor = Row(Second, i),
            FirstLatent = Row(FirstLatent, i),
            SecondLatent = Row(SecondLatent, i),
            FactorDistance = FactorDistance[i].ToDouble(),
            LatentDistance = LatentDistance[i].ToDouble(),
        };

        private static float[] Row(Tensor points, long i) => points[i].cpu().contiguous().data<float>().ToArray();
    }
}
