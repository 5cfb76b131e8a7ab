using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Training;

/// <summary>
/// Lays observations on a latent space by the shape that their nearest neighbours make, where principal
/// components do not show it.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The nearest neighbours of observations make a graph (<see cref="NeighbourGraph"/>).</item>
/// <item>A diffusion on it gives coordinates (<see cref="DiffusionCoordinates"/>).</item>
/// <item>Rotations lay these on the latent space (<see cref="LayoutSearch"/>).</item>
/// <item>The layout with the least <see cref="Training.InterpolationError"/> is kept.</item>
/// </list>
/// <para>
/// There are several graphs, since at one scale far observations may be taken for neighbours, and not at
/// another: by principal scores; by the features that vary slowly along that graph
/// (<see cref="SlowFeatures"/>); and, of few observations, by scores of variance 1.
/// </para>
/// </remarks>
internal sealed class SpectralLayout
{
    private const int Neighbours = 6;
    private const int FewNeighbours = 3;
    private const int FewObservations = 1024;

    /// <summary>Components in which distances are measured; as good as all, and cheaper.</summary>
    private const int Components = 24;

    /// <summary>Components that are scaled to the same variance, of few observations.</summary>
    private static readonly int[] WhiteComponents = [6, 8, 10];

    /// <summary>Components of which slow features are made.</summary>
    private const int MoreComponents = 64;

    /// <summary>Coordinates beyond those that the space needs: what winds once may come late among
    /// them.</summary>
    private const int LeastCoordinates = 12;


    private SpectralLayout(Tensor outputs, double residual, double interpolationError) =>
        (Outputs, Residual, InterpolationError) = (outputs, residual, interpolationError);

    /// <summary>The outputs that the encoder should have, [count, outputs], on the CPU.</summary>
    public Tensor Outputs { get; }

    /// <summary>How far the layout is from the latent space; see <see
    /// cref="RotationFit.Residual"/>.</summary>
    public double Residual { get; }

    /// <summary>See <see cref="Training.InterpolationError"/>.</summary>
    public double InterpolationError { get; }

    /// <summary>The number of observations to look at.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="numbers">The numbers of an observation.</param>
    public static int Observations(LatentSpace latent, long numbers) =>
        (int)Math.Min(256 << (2 * Math.Min(latent.Dimension, 3)), Math.Max(1024, (1L << 26) / numbers));

    /// <summary>Finds the best layout.</summary>
    /// <param name="observations">[count, numbers], float32, on the CPU.</param>
    /// <param name="latent">The latent space.</param>
    /// <param name="generator">The source of random draws, on the CPU.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <returns>The layout; null if there is none, as of observations that are all alike.</returns>
    public static SpectralLayout? Find(Tensor observations, LatentSpace latent, Generator generator, Action<double> progress)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var serial = new SerialScope();
        LatentLayout[] layouts = [.. LatentLayout.Of(latent)];
        var error = new InterpolationError(observations, latent);
        int most = layouts.Max(Coordinates);
        NeighbourGraph[] graphs = [.. Graphs(observations, serial).Where(graph => graph.IsConnected())];
        SpectralLayout? best = null;
        for (int i = 0; i < graphs.Length; i++)
        {
            progress((i + 1.0) / (graphs.Length + 1));
            Tensor coordinates = DiffusionCoordinates.Compute(new DiffusionOperator(graphs[i], serial), most, generator);
            foreach (LatentLayout layout in layouts.Where(layout => layout.Space.AmbientDimension <= coordinates.size(1)))
            {
                int width = (int)Math.Min(coordinates.size(1), Coordinates(layout));
                foreach (LayoutSearch.Candidate candidate in new LayoutSearch(layout, width, generator, serial).Find(coordinates))
                {
                    Tensor outputs = candidate.Outputs(coordinates);
                    double value = error.Of(outputs);
                    if (best is null || value < best.InterpolationError)
                    {
                        best = new SpectralLayout(outputs, candidate.Residual, value);
                    }
                }
            }
        }
        progress(1);
        best?.Outputs.MoveToOuterDisposeScope();
        return best;
    }

    private static int Coordinates(LatentLayout layout) =>
        Math.Max(LeastCoordinates, LayoutSearch.Widths(layout.Space.AmbientDimension)[^1]);

    private static IEnumerable<NeighbourGraph> Graphs(Tensor observations, SerialScope serial)
    {
        int count = (int)observations.size(0);
        if (count < 2 || PrincipalScores.Of(observations, MoreComponents) is not { } scores)
        {
            yield break;
        }
        Tensor strongest = scores.narrow(1, 0, Math.Min(Components, scores.size(1))).contiguous();
        NeighbourGraph plain = NeighbourGraph.Create(strongest, Neighbours, serial);
        yield return plain;
        // Of few observations, any function is a linear one of enough components.
        Tensor fitting = scores.narrow(1, 0, Math.Min(Math.Max(8, count / 8), scores.size(1)));
        yield return NeighbourGraph.Create(SlowFeatures.Compute(fitting, plain), Neighbours, serial);
        if (count <= FewObservations)
        {
            // Views that differ little are told apart by components that vary little.
            foreach (int components in WhiteComponents.Where(components => components <= strongest.size(1)))
            {
                Tensor white = strongest.narrow(1, 0, components);
                white = white / white.Squared().mean([0]).sqrt();
                yield return NeighbourGraph.Create(white, FewNeighbours, serial);
                yield return NeighbourGraph.Create(white, FewNeighbours + 1, serial);
            }
        }
    }
}
