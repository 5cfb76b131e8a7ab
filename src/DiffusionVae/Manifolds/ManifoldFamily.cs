namespace DiffusionVae.Manifolds;

/// <summary>
/// A family of manifolds that can be named by ids such as <c>sphere:2</c>: an entry of
/// <see cref="ManifoldCatalogue"/>.
/// </summary>
public sealed class ManifoldFamily
{
    /// <summary>
    /// The part of an id before the colon. No family or short form of the catalogue may have the same name.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>How ids of the family are written, such as <c>sphere:d</c>.</summary>
    public required string Syntax { get; init; }

    /// <summary>What the manifolds are, in a phrase.</summary>
    public required string Summary { get; init; }

    /// <summary>For which data to choose them.</summary>
    public required string Advice { get; init; }

    /// <summary>
    /// Ids to show and to test, at least one. Each must be the <see cref="IManifold.Id"/> of the manifold
    /// that it makes.
    /// </summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>
    /// Other names, such as <c>circle</c>, each with its full id, such as <c>sphere:1</c>. By default none.
    /// </summary>
    public IReadOnlyDictionary<string, string> ShortForms { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Works that the code of the manifolds rests on, for <c>dvae cite</c>. By default none.
    /// </summary>
    public IReadOnlyList<ManifoldReference> References { get; init; } = [];

    /// <summary>
    /// Makes the manifold from the numbers after the colon. For numbers that are not allowed it throws a
    /// <see cref="FormatException"/> whose message says what is, as in <c>two radii R,r with 0 &lt; r &lt;
    /// R</c>.
    /// </summary>
    public required Func<IReadOnlyList<double>, IManifold> Create { get; init; }
}
