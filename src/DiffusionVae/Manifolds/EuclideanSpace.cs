namespace DiffusionVae.Manifolds;

/// <summary>
/// R^k, the latent space of the standard variational autoencoder: <c>euclidean:k</c>. Not closed; its prior
/// is N(0, I).
/// </summary>
public sealed class EuclideanSpace : IVectorSpace, IChartedManifold, IGeodesicManifold, IFramedManifold
{
    /// <summary>Creates R^k.</summary>
    /// <param name="dimension">k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1.</exception>
    public EuclideanSpace(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        ChartAxis[] axes = [.. Enumerable.Range(1, dimension)
            .Select(i => new ChartAxis(Invariant($"z{i}"), double.NegativeInfinity, double.PositiveInfinity))];
        Charts = dimension <= 3
            ? [Chart.Box(axes, dimension, points => points.alias(), coordinates => coordinates.alias(), isTrueToSize: true)]
            : [];
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "euclidean",
        Syntax = "euclidean:k",
        Summary = "R^k with a Gaussian prior",
        Advice = "data without holes or periods: the standard variational autoencoder",
        Examples = ["euclidean:1", "euclidean:2", "euclidean:3"],
        ShortForms = new Dictionary<string, string> { ["r1"] = "euclidean:1", ["r2"] = "euclidean:2", ["r3"] = "euclidean:3" },
        Create = numbers => new EuclideanSpace(FamilyNumbers.WholeDimension(numbers)),
    };

    /// <inheritdoc/>
    public string Id => Invariant($"euclidean:{Dimension}");

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int AmbientDimension => Dimension;

    /// <inheritdoc/>
    /// <remarks>Up to three dimensions, R^k itself.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>Beyond three dimensions: coordinates in pairs, and the odd one last.</remarks>
    public IReadOnlyList<IChartedManifold> Parts => Dimension <= 3
        ? [this]
        : [.. Enumerable.Range(0, (Dimension + 1) / 2).Select(i => new EuclideanSpace(Math.Min(2, Dimension - (2 * i))))];

    /// <inheritdoc/>
    /// <remarks>The identity.</remarks>
    public Tensor Project(Tensor x) => x.clone();

    /// <inheritdoc/>
    public double Diameter => double.PositiveInfinity;

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>The axes.</remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        return torch.eye(Dimension, dtype: points.dtype, device: points.device).expand([.. points.shape, Dimension])
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Length(p - q).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Exp(Tensor p, Tensor tangent) => p + tangent;

    /// <inheritdoc/>
    public Tensor Log(Tensor p, Tensor q) => q - p;

    /// <inheritdoc/>
    public Tensor ProjectTangent(Tensor p, Tensor vector) => vector.clone();
}
