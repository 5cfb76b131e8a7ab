namespace DiffusionVae.Manifolds;

/// <summary>A kind of manifold that can be named: an entry of <see cref="ManifoldCatalogue"/>.</summary>
/// <param name="Name">The part of an id before the colon.</param>
/// <param name="Syntax">How ids of the family are written, such as <c>sphere:d</c>.</param>
/// <param name="Summary">What it is, in a phrase.</param>
/// <param name="Advice">For which data to choose it.</param>
/// <param name="Examples">Ids to try and to test.</param>
/// <param name="ShortForms">Other names, each with the id it stands for.</param>
/// <param name="Parse">Makes the manifold from the numbers after the colon; throws <see cref="FormatException"/> with what is allowed.</param>
public sealed record ManifoldFamily(
    string Name,
    string Syntax,
    string Summary,
    string Advice,
    IReadOnlyList<string> Examples,
    IReadOnlyDictionary<string, string> ShortForms,
    Func<IReadOnlyList<double>, IManifold> Parse);
