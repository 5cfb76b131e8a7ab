using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Training;

/// <summary>Finds rotations of principal components that bring them near to a latent space.</summary>
internal static class RotationSearch
{
    private const int MostChoices = 16;
    private const int RandomRotations = 10;
    private const int Rounds = 20;

    /// <summary>Lays components on a latent space, once from each starting rotation.</summary>
    /// <param name="components">[count, components].</param>
    /// <param name="latent">The latent space, with at most as many coordinates as there are
    /// components.</param>
    /// <param name="generator">The source of random draws.</param>
    /// <returns>For each starting rotation, points near the latent space, [count, coordinates]; computed when
    /// asked for.</returns>
    public static IEnumerable<Tensor> Lay(Tensor components, LatentSpace latent, Generator generator)
    {
        var fit = new RotationFit(latent, generator);
        return StartingRotations((int)components.size(1), latent.AmbientDimension, generator)
            .Select(start => fit.Lay(components, fit.Refine(components, start.to(components.device), Rounds)));
    }

    /// <summary>
    /// Starting rotations, [components, coordinates]: first choices of some of the components, those of the
    /// greatest variance first, then random rotations. Components are chosen in pairs, since those of a
    /// symmetric family of images come in pairs.
    /// </summary>
    internal static IEnumerable<Tensor> StartingRotations(int components, int coordinates, Generator generator)
    {
        IEnumerable<int[]> choices = Choices(components / 2, (coordinates + 1) / 2)
            .Select(pairs => pairs.SelectMany(pair => new[] { 2 * pair, (2 * pair) + 1 }).Take(coordinates).ToArray())
            .DefaultIfEmpty([.. Enumerable.Range(0, coordinates)]);
        foreach (int[] choice in choices.OrderBy(choice => choice.Sum()).Take(MostChoices))
        {
            Tensor indices = torch.tensor(choice, ScalarType.Int64, generator.device);
            yield return torch.eye(components, device: generator.device).index_select(1, indices);
        }
        int within = Math.Min(components, 2 * coordinates);
        for (int i = 0; i < RandomRotations; i++)
        {
            Tensor rotation = torch.linalg.qr(torch.randn([within, coordinates], device: generator.device, generator: generator)).Q;
            yield return torch.cat([rotation, torch.zeros(components - within, coordinates, device: generator.device)]);
        }
    }

    /// <summary>
    /// All choices of <paramref name="size"/> of the numbers 0 to <paramref name="count"/> - 1, increasing.
    /// </summary>
    /// <remarks>Only the first few numbers are used, since there would be too many choices.</remarks>
    private static IEnumerable<int[]> Choices(int count, int size)
    {
        int reach = Math.Min(count, size + 4);
        return size == 0
            ? [[]]
            : Enumerable.Range(size - 1, Math.Max(0, reach - size + 1))
                .SelectMany(last => Choices(last, size - 1).Select(others => (int[])[.. others, last]));
    }
}
