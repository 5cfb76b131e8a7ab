using System.Globalization;

namespace DiffusionVae.Manifolds;

/// <summary>The manifolds that can be named, and the reading of their ids. A new manifold is one line here and a file of its own.</summary>
public static class ManifoldCatalogue
{
    private const int MostDimensions = 512;

    /// <summary>All families, in the order in which to show them.</summary>
    public static IReadOnlyList<ManifoldFamily> Families { get; } =
    [
        new("sphere", "sphere:d", "unit sphere S^d", "directions, orientations of solids of revolution; a compact space without holes",
            ["sphere:1", "sphere:2", "sphere:3", "sphere:5"], Short(("sphere", "sphere:2"), ("circle", "sphere:1"), ("s1", "sphere:1"), ("s2", "sphere:2"), ("s3", "sphere:3")),
            numbers => new Sphere(WholeDimension(numbers))),
        new("torus", "torus:k", "flat torus, k circles", "k independent periodic quantities: phases, translations of a periodic picture",
            ["torus:1", "torus:2", "torus:3"], Short(("torus", "torus:2"), ("t2", "torus:2")),
            numbers => new FlatTorus(WholeDimension(numbers))),
        new("embedded-torus", "embedded-torus:R,r", "ring torus in R^3", "two periodic quantities, one of smaller amplitude than the other",
            ["embedded-torus:3,0.6", "embedded-torus:2,1"], Short(("embedded-torus", "embedded-torus:3,0.6")),
            numbers => numbers.Count == 2 && numbers[1] > 0 && numbers[1] < numbers[0]
                ? new EmbeddedTorus(numbers[0], numbers[1])
                : throw new FormatException("two radii R,r with 0 < r < R")),
        new("ellipsoid", "ellipsoid:a,b,c", "ellipsoid with these semi-axes in R^3; more axes, more dimensions", "as a sphere, with directions of unequal extent",
            ["ellipsoid:3,2,1"], Short(("ellipsoid", "ellipsoid:3,2,1")),
            numbers => numbers.Count is >= 3 and <= MostDimensions && numbers.All(axis => axis > 0)
                ? new Ellipsoid(numbers)
                : throw new FormatException("three or more positive semi-axes a,b,c")),
        new("klein-bottle", "klein-bottle:R,r", "Klein bottle in R^4", "a period after which another quantity has changed sign",
            ["klein-bottle:2,1"], Short(("klein-bottle", "klein-bottle:2,1")),
            numbers => numbers.Count == 2 && numbers[1] > 0 && numbers[1] < numbers[0]
                ? new KleinBottle(numbers[0], numbers[1])
                : throw new FormatException("two radii R,r with 0 < r < R")),
        new("so3", "so3", "rotations of space, as matrices", "a solid without symmetry seen from every side",
            ["so3"], Short(),
            numbers => numbers.Count == 0 ? new RotationGroup() : throw new FormatException("nothing after the name")),
        new("projective", "projective:d", "real projective space RP^d", "axes: directions whose sign does not matter",
            ["projective:1", "projective:2", "projective:3"], Short(("rp2", "projective:2"), ("rp3", "projective:3")),
            numbers => new ProjectiveSpace(WholeDimension(numbers))),
        new("euclidean", "euclidean:k", "R^k with a Gaussian prior", "data without holes or periods: the standard variational autoencoder",
            ["euclidean:1", "euclidean:2", "euclidean:3"], Short(("r1", "euclidean:1"), ("r2", "euclidean:2"), ("r3", "euclidean:3")),
            numbers => new EuclideanSpace(WholeDimension(numbers))),
    ];

    /// <summary>Every id that stands as an example in a family.</summary>
    public static IEnumerable<string> Examples => Families.SelectMany(family => family.Examples);

    /// <summary>Every name that <see cref="Parse"/> takes without numbers, for completion and suggestions.</summary>
    public static IEnumerable<string> Names => Families.SelectMany(family => family.ShortForms.Keys.Concat(family.Examples)).Distinct();

    /// <summary>The manifold of an id or short form, such as <c>sphere:2</c>, <c>torus</c>, <c>embedded-torus:3,0.6</c>, <c>rp3</c>.</summary>
    /// <exception cref="FormatException">No such manifold; the message says which exist and names the nearest.</exception>
    public static IManifold Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        string full = Families.SelectMany(family => family.ShortForms).FirstOrDefault(form => form.Key == id).Value ?? id;
        string[] parts = full.Split(':', 2);
        ManifoldFamily family = Families.FirstOrDefault(family => family.Name == parts[0]) ?? throw Unknown(id);
        try
        {
            return family.Parse(parts.Length == 1 ? [] : [.. parts[1].Split(',').Select(Number)]);
        }
        catch (FormatException fault)
        {
            throw new FormatException($"Manifold '{id}' is not of the form {family.Syntax}: it takes {fault.Message}; an example is {family.Examples[^1]}.", fault);
        }
    }

    private static FormatException Unknown(string id)
    {
        string nearest = Suggestion.DidYouMean(id, Names);
        return new FormatException(
            $"There is no manifold '{id}'.{nearest} There are {string.Join(", ", Families.Select(family => family.Syntax))}, and products such as sphere:2*torus:1.");
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"numbers, and '{text}' is none");

    private static int WholeDimension(IReadOnlyList<double> numbers) =>
        numbers.Count == 1 && numbers[0] >= 1 && numbers[0] <= MostDimensions && numbers[0] == Math.Floor(numbers[0])
            ? (int)numbers[0]
            : throw new FormatException(Invariant($"one whole number from 1 to {MostDimensions}"));

    private static Dictionary<string, string> Short(params (string Form, string Id)[] forms) => forms.ToDictionary(form => form.Form, form => form.Id);
}
