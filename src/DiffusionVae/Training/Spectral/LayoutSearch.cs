namespace DiffusionVae.Training;

/// <summary>
/// Searches, from many starting rotations, for the ways to lay coordinates of observations on a latent space.
/// </summary>
/// <remarks>
/// The first coordinates are as many as the space has, n. From most starts the alternation ends where folds
/// hold it fast; the residual of these is several times that of the right ones. Where the shape is distorted,
/// some of its n functions come later, among the others: so more coordinates are let in bit by bit. Given all
/// at once, nearly every start would end wrong.
/// </remarks>
internal sealed class LayoutSearch
{
    private const int RandomRotations = 40;

    /// <summary>From so many coordinates on, random rotations are the only way; below, fewer of them and
    /// choices among the coordinates.</summary>
    private const int ManyCoordinates = 6;

    /// <summary>The number of layouts that are refined, those with the least residual.</summary>
    private const int Refined = 5;

    private const int FirstPoints = 512;
    private const int LastPoints = 2048;
    private const int FirstRounds = 20;
    private const int MoreRounds = 15;
    private const int LastRounds = 25;

    private readonly LatentLayout layout;
    private readonly SerialScope serial;
    private readonly RotationFit fit;
    private readonly Tensor[] starts;
    private readonly int[] widths;

    /// <summary>Draws the starts. Tensors belong to the caller's dispose scope.</summary>
    /// <param name="layout">The space on which coordinates are laid.</param>
    /// <param name="coordinates">The number of coordinates, at least as many as the space has.</param>
    /// <param name="generator">The source of random draws, on the CPU.</param>
    /// <param name="serial">Shares the work.</param>
    public LayoutSearch(LatentLayout layout, int coordinates, Generator generator, SerialScope serial)
    {
        (this.layout, this.serial) = (layout, serial);
        fit = new RotationFit(layout.Space, generator);
        int n = layout.Space.AmbientDimension;
        widths = [.. Widths(n).Where(width => width <= coordinates)];
        starts =
        [
            .. Enumerable.Range(0, n < ManyCoordinates ? RandomRotations / 4 : RandomRotations)
                .Select(_ => torch.linalg.qr(torch.randn([n, n], generator: generator)).Q),
            .. n < ManyCoordinates ? RotationSearch.StartingRotations(coordinates, n, generator) : [],
        ];
    }

    /// <summary>The numbers of coordinates to lay: as many as the space has, n, then more.</summary>
    public static IReadOnlyList<int> Widths(int n) => [n, (4 * n + 2) / 3, (16 * n + 8) / 9, (64 * n + 26) / 27];

    /// <summary>The layouts that lie nearest to the space, each with several numbers of
    /// coordinates.</summary>
    /// <param name="coordinates">[count, at least as many as were said], each of mean 0 and variance
    /// 1.</param>
    public IReadOnlyList<Candidate> Find(Tensor coordinates)
    {
        IEnumerable<Candidate> rough = Map(starts, start => Widen(Points(coordinates, FirstPoints), start, FirstRounds, MoreRounds));
        Tensor[] best = [.. rough.OrderBy(candidate => candidate.Residual).Take(Refined).Select(candidate => candidate.Rotation)];
        return
        [
            .. widths.Skip(1).SelectMany(width => Map(best, rotation =>
            {
                Tensor some = Points(coordinates, LastPoints);
                return Refine(some, Resized(rotation, width), LastRounds);
            })),
        ];
    }

    private (Tensor Rotation, double Residual) Widen(Tensor points, Tensor start, int first, int more)
    {
        Tensor rotation = fit.Refine(points.narrow(1, 0, start.size(0)), start, first);
        foreach (int width in widths.Skip(1).SkipLast(1).Where(width => width > start.size(0)))
        {
            rotation = fit.Refine(points.narrow(1, 0, width), Resized(rotation, width), more);
        }
        return Refine(points, rotation, 1);
    }

    private (Tensor Rotation, double Residual) Refine(Tensor points, Tensor start, int rounds)
    {
        Tensor some = points.narrow(1, 0, start.size(0)), rotation = fit.Refine(some, start, rounds);
        return (rotation, fit.Residual(fit.Lay(some, rotation)));
    }

    /// <summary>The rotation of more coordinates, which it ignores, or of fewer.</summary>
    private static Tensor Resized(Tensor rotation, int width) => rotation.size(0) >= width
        ? rotation.narrow(0, 0, width)
        : torch.cat([rotation, torch.zeros(width - rotation.size(0), rotation.size(1))]);

    private static Tensor Points(Tensor coordinates, int most) => coordinates.narrow(0, 0, Math.Min(most, coordinates.size(0)));

    /// <summary>Does the same with each of some rotations.</summary>
    private Candidate[] Map(Tensor[] from, Func<Tensor, (Tensor Rotation, double Residual)> compute)
    {
        var found = new (Tensor Rotation, double Residual)[from.Length];
        serial.ForEach(from.Length, i =>
        {
            (Tensor rotation, double residual) = compute(from[i]);
            found[i] = (rotation.DetachFromDisposeScope(), residual);
        });
        return [.. found.Select(result => new Candidate(this, Adopted(result.Rotation), result.Residual))];
    }

    /// <summary>A tensor of another thread in the dispose scope of this one.</summary>
    private static Tensor Adopted(Tensor detached)
    {
        using (detached)
        {
            return detached.clone();
        }
    }

    /// <summary>A rotation, and how far it leaves observations from the latent space.</summary>
    /// <param name="Search">The search that found it.</param>
    /// <param name="Rotation">The rotation, [m, n].</param>
    /// <param name="Residual">See <see cref="RotationFit.Residual"/>.</param>
    internal sealed record Candidate(LayoutSearch Search, Tensor Rotation, double Residual)
    {
        /// <summary>The outputs that an encoder should have, [count, outputs].</summary>
        /// <param name="coordinates">The coordinates of observations, [count, at least m].</param>
        public Tensor Outputs(Tensor coordinates) =>
            Search.layout.Fold(Search.fit.Lay(coordinates.narrow(1, 0, Rotation.size(0)), Rotation));
    }
}
