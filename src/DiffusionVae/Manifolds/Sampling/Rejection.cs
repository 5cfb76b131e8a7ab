namespace DiffusionVae.Manifolds;

/// <summary>Rejection sampling in batches, until there are enough.</summary>
internal static class Rejection
{
    private const long MostDraws = 1 << 16;

    /// <summary>How many candidates to propose at a time where about half of them are accepted.</summary>
    public static long BatchSize(long count, long most = MostDraws) => Math.Clamp(2 * count, 64, most);

    /// <summary>Draws points.</summary>
    /// <param name="count">How many.</param>
    /// <param name="width">Numbers of a point.</param>
    /// <param name="device">The device of the points.</param>
    /// <param name="propose">
    /// Proposes candidates and returns those that are accepted, float64, [any, width].
    /// </param>
    /// <returns>[count, width], float64, in the caller's scope.</returns>
    public static Tensor Draw(long count, int width, Device device, Func<Tensor> propose)
    {
        List<Tensor> accepted = [torch.empty([0, width], ScalarType.Float64, device)];
        for (long have = 0; have < count; have += accepted[^1].size(0))
        {
            accepted.Add(propose());
        }
        return torch.cat(accepted, 0).narrow(0, 0, count);
    }
}
