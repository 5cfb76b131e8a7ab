namespace DiffusionVae.Training;

/// <summary>
/// The leading eigenfunctions of a diffusion: coordinates of its points that vary slowly along the shape on
/// which they lie (Coifman and Lafon 2006).
/// </summary>
/// <remarks>
/// By subspace iteration with a Chebyshev filter (Zhou, Saad, Tiago and Chelikowsky 2006): a polynomial of S
/// that is large above the eigenvalues that are not wanted, and bounded on them.
/// </remarks>
internal static class DiffusionCoordinates
{
    private const int Degree = 20;
    private const int MostRounds = 20;

    /// <summary>Vectors beside those that are wanted; the last converge slowly.</summary>
    private const int Spare = 8;

    /// <summary>The change of 1 - λ in a round, relative to it, at which a Ritz value λ has
    /// settled.</summary>
    private const double Settled = 1e-2;

    /// <summary>Computes coordinates.</summary>
    /// <param name="diffusion">The diffusion; its graph is connected.</param>
    /// <param name="most">The number of coordinates; at most count - 1 are computed.</param>
    /// <param name="generator">The source of the vectors with which the iteration begins, on the CPU.</param>
    /// <returns>[count, coordinates], the slowest first, each of mean 0 and variance 1.</returns>
    public static Tensor Compute(DiffusionOperator diffusion, int most, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        int wanted = Math.Min(most, diffusion.Count - 1);
        Tensor vectors = LeadingEigenvectors(diffusion, wanted + 1, generator);
        Tensor roots = torch.tensor(diffusion.RootDegrees).unsqueeze(-1);
        // The first, of eigenvalue 1, is √d: a constant.
        Tensor functions = vectors.narrow(1, 1, wanted) / roots;
        Tensor centred = functions - functions.mean([0]);
        return (centred / centred.Squared().mean([0]).sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>The eigenvectors of the greatest eigenvalues, [count, wanted], the greatest first.</summary>
    internal static Tensor LeadingEigenvectors(DiffusionOperator diffusion, int wanted, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        int width = Math.Min(diffusion.Count, (wanted + Spare + 7) / 8 * 8);
        Tensor vectors = torch.randn([diffusion.Count, width], generator: generator);
        double[] last = [];
        for (int round = 0; ; round++)
        {
            using var inner = torch.NewDisposeScope();
            (double[] values, Tensor ritz) = RayleighRitz(diffusion, vectors);
            bool isDone = width == diffusion.Count || round == MostRounds
                || (round > 0 && last.Zip(values).TakeLast(wanted).All(pair => IsSettled(pair.First, pair.Second)));
            if (isDone)
            {
                return ritz.narrow(1, width - wanted, wanted).flip(1).contiguous().MoveToOuterDisposeScope().MoveToOuterDisposeScope();
            }
            double highest = round == 0 ? 0.5 : Math.Clamp(values[0], -0.5, 0.999999);
            vectors = Filtered(diffusion, ritz, highest).MoveToOuterDisposeScope();
            last = values;
        }
    }

    private static bool IsSettled(double before, double now) => Math.Abs(now - before) <= (Settled * (1 - now)) + 1e-6;

    /// <summary>The best approximations to eigenvectors in the span of vectors, and their eigenvalues,
    /// ascending.</summary>
    private static (double[] Values, Tensor Vectors) RayleighRitz(DiffusionOperator diffusion, Tensor vectors)
    {
        Tensor basis = torch.linalg.qr(vectors).Q.contiguous();
        Tensor projected = basis.t().matmul(diffusion.Apply(basis)).to(ScalarType.Float64);
        (Tensor values, Tensor rotation) = torch.linalg.eigh((projected + projected.t()) / 2);
        return ([.. values.data<double>()], basis.matmul(rotation.to(basis.dtype)).contiguous());
    }

    /// <summary>The Chebyshev polynomial T_20 of S, stretched so that it is bounded by 1 on [-1,
    /// highest].</summary>
    private static Tensor Filtered(DiffusionOperator diffusion, Tensor vectors, double highest)
    {
        float half = (float)((highest + 1) / 2), shift = (float)-((highest - 1) / (highest + 1));
        Tensor previous = vectors, current = diffusion.Apply(vectors, 1 / half, shift);
        for (int degree = 2; degree <= Degree; degree++)
        {
            (previous, current) = (current, diffusion.Apply(current, 2 / half, 2 * shift, previous));
        }
        return current;
    }
}
