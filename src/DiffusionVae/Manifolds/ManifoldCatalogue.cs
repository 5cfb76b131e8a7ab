namespace DiffusionVae.Manifolds;

/// <summary>The manifolds that can be named, and the reading of their ids. A new manifold is a file of its own and one entry here.</summary>
/// <remarks>
/// A program built on the library adds its own with <see cref="Register"/>, before it reads ids or command lines:
/// <code>
/// ManifoldCatalogue.Register(new ManifoldFamily
/// {
///     Name = "egg",
///     Syntax = "egg:length",
///     Summary = "an egg in R^3",
///     Advice = "directions, one of them special",
///     Examples = ["egg:1.5"],
///     Create = numbers => numbers.Count == 1 ? new Egg(numbers[0]) : throw new FormatException("one length"),
/// });
/// </code>
/// </remarks>
/// <threadsafety>All members may be called from any thread.</threadsafety>
public static class ManifoldCatalogue
{
    private const int MostDimensions = 512;

    private static readonly ManifoldRegistry Registry = new(
    [
        new()
        {
            Name = "sphere",
            Syntax = "sphere:d",
            Summary = "unit sphere S^d",
            Advice = "directions, orientations of solids of revolution; a compact space without holes",
            Examples = ["sphere:1", "sphere:2", "sphere:3", "sphere:5"],
            ShortForms = Short(("sphere", "sphere:2"), ("circle", "sphere:1"), ("s1", "sphere:1"), ("s2", "sphere:2"), ("s3", "sphere:3")),
            Create = numbers => new Sphere(WholeDimension(numbers)),
        },
        new()
        {
            Name = "torus",
            Syntax = "torus:k",
            Summary = "flat torus, k circles",
            Advice = "k independent periodic quantities: phases, translations of a periodic picture",
            Examples = ["torus:1", "torus:2", "torus:3"],
            ShortForms = Short(("torus", "torus:2"), ("t2", "torus:2")),
            Create = numbers => new FlatTorus(WholeDimension(numbers)),
        },
        new()
        {
            Name = "embedded-torus",
            Syntax = "embedded-torus:R,r",
            Summary = "ring torus in R^3",
            Advice = "two periodic quantities, one of smaller amplitude than the other",
            Examples = ["embedded-torus:3,0.6", "embedded-torus:2,1"],
            ShortForms = Short(("embedded-torus", "embedded-torus:3,0.6")),
            Create = numbers => TwoRadii(numbers, (core, tube) => new EmbeddedTorus(core, tube)),
        },
        new()
        {
            Name = "ellipsoid",
            Syntax = "ellipsoid:a,b,c",
            Summary = "ellipsoid with these semi-axes in R^3; more axes, more dimensions",
            Advice = "as a sphere, with directions of unequal extent",
            Examples = ["ellipsoid:3,2,1"],
            ShortForms = Short(("ellipsoid", "ellipsoid:3,2,1")),
            Create = numbers => numbers.Count is >= 3 and <= MostDimensions && numbers.All(axis => axis > 0)
                ? new Ellipsoid(numbers)
                : throw new FormatException("three or more positive semi-axes a,b,c"),
        },
        new()
        {
            Name = "klein-bottle",
            Syntax = "klein-bottle:R,r",
            Summary = "Klein bottle in R^4",
            Advice = "a period after which another quantity has changed sign",
            Examples = ["klein-bottle:2,1"],
            ShortForms = Short(("klein-bottle", "klein-bottle:2,1")),
            Create = numbers => TwoRadii(numbers, (core, tube) => new KleinBottle(core, tube)),
        },
        new()
        {
            Name = "so3",
            Syntax = "so3",
            Summary = "rotations of space, as matrices",
            Advice = "a solid without symmetry seen from every side",
            Examples = ["so3"],
            Create = numbers => numbers.Count == 0 ? new RotationGroup() : throw new FormatException("nothing after the name"),
        },
        new()
        {
            Name = "projective",
            Syntax = "projective:d",
            Summary = "real projective space RP^d",
            Advice = "axes: directions whose sign does not matter",
            Examples = ["projective:1", "projective:2", "projective:3"],
            ShortForms = Short(("rp2", "projective:2"), ("rp3", "projective:3")),
            Create = numbers => new ProjectiveSpace(WholeDimension(numbers)),
        },
        new()
        {
            Name = "euclidean",
            Syntax = "euclidean:k",
            Summary = "R^k with a Gaussian prior",
            Advice = "data without holes or periods: the standard variational autoencoder",
            Examples = ["euclidean:1", "euclidean:2", "euclidean:3"],
            ShortForms = Short(("r1", "euclidean:1"), ("r2", "euclidean:2"), ("r3", "euclidean:3")),
            Create = numbers => new EuclideanSpace(WholeDimension(numbers)),
        },
    ]);

    /// <summary>All families, in the order in which to show them: those of the library, then those registered.</summary>
    public static IReadOnlyList<ManifoldFamily> Families => Registry.Families;

    /// <summary>Every id that is an example of a family.</summary>
    public static IEnumerable<string> Examples => Families.SelectMany(family => family.Examples);

    /// <summary>Every name that <see cref="Parse"/> accepts without further numbers, for completion and suggestions.</summary>
    public static IEnumerable<string> Names => Registry.Names;

    /// <summary>Adds a user-defined family. Ids, short forms, error messages, help, completion, figures and the report page know it from then on.</summary>
    /// <param name="family">The family. Its examples are made once, to see that each has the id that makes it.</param>
    /// <exception cref="ArgumentException">
    /// A name is taken or not a name, there is no example, or an example's manifold has another id; the message says which.
    /// </exception>
    public static void Register(ManifoldFamily family) => Registry.Register(family);

    /// <summary>Makes the manifold of an id or short form, such as <c>sphere:2</c>, <c>torus</c>, <c>embedded-torus:3,0.6</c>, <c>rp3</c>.</summary>
    /// <param name="id">The id or short form.</param>
    /// <exception cref="FormatException">No such manifold; the message says which exist and names the nearest.</exception>
    public static IManifold Parse(string id) => Registry.Parse(id);

    private static int WholeDimension(IReadOnlyList<double> numbers) =>
        numbers.Count == 1 && numbers[0] >= 1 && numbers[0] <= MostDimensions && numbers[0] == Math.Floor(numbers[0])
            ? (int)numbers[0]
            : throw new FormatException(Invariant($"one whole number from 1 to {MostDimensions}"));

    private static IManifold TwoRadii(IReadOnlyList<double> numbers, Func<double, double, IManifold> create) =>
        numbers.Count == 2 && RingRadii.AreValid(numbers[0], numbers[1])
            ? create(numbers[0], numbers[1])
            : throw new FormatException("two radii R,r with 0 < r < R");

    private static Dictionary<string, string> Short(params (string Form, string Id)[] forms) =>
        forms.ToDictionary(form => form.Form, form => form.Id);
}
