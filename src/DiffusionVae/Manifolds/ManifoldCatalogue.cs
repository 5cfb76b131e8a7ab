namespace DiffusionVae.Manifolds;

/// <summary>
/// The manifolds that can be named, and the reading of their ids. A new manifold is a file of its own and one
/// line here.
/// </summary>
/// <remarks>
/// A program built on the library adds its own with <see cref="Register"/>, before it reads ids or command
/// lines:
/// <code>
/// ManifoldCatalogue.Register(new ManifoldFamily { Name = "egg", Syntax = "egg:length", Summary = "an egg in
/// R^3", Advice = "directions, one of them special", Examples = ["egg:1.5"], Create = numbers =>
/// numbers.Count == 1 ? new Egg(numbers[0]) : throw new FormatException("one length"), });
/// </code>
/// </remarks>
/// <threadsafety>All members may be called from any thread.</threadsafety>
public static class ManifoldCatalogue
{
    private static readonly ManifoldRegistry Registry = new(
    [
        Sphere.Family,
        FlatTorus.Family,
        EmbeddedTorus.Family,
        Ellipsoid.Family,
        KleinBottle.Family,
        RotationGroup.Family,
        ProjectiveSpace.Family,
        EuclideanSpace.Family,
    ]);

    /// <summary>
    /// All families, in the order in which to show them: those of the library, then those registered.
    /// </summary>
    public static IReadOnlyList<ManifoldFamily> Families => Registry.Families;

    /// <summary>Every id that is an example of a family.</summary>
    public static IEnumerable<string> Examples => Families.SelectMany(family => family.Examples);

    /// <summary>
    /// Every name that <see cref="Parse"/> accepts without further numbers, for completion and suggestions.
    /// </summary>
    public static IEnumerable<string> Names => Registry.Names;

    /// <summary>
    /// Adds a user-defined family. Ids, short forms, error messages, help, completion, figures and the report
    /// page know it from then on.
    /// </summary>
    /// <param name="family">
    /// The family. Its examples are made once, to see that each has the id that makes it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is taken or not a name, there is no example, or an example's manifold has another id; the
    /// message says which.
    /// </exception>
    public static void Register(ManifoldFamily family) => Registry.Register(family);

    /// <summary>
    /// Makes the manifold of an id or short form, such as <c>sphere:2</c>, <c>torus</c>,
    /// <c>embedded-torus:3,0.6</c>, <c>rp3</c>.
    /// </summary>
    /// <param name="id">The id or short form.</param>
    /// <exception cref="FormatException">
    /// No such manifold; the message says which exist and names the nearest.
    /// </exception>
    public static IManifold Parse(string id) => Registry.Parse(id);
}
