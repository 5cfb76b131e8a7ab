using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// Registered families: what becomes known of them, and which are refused. Each test has a registry of its
/// own, so none disturbs another.
/// </summary>
public class ManifoldRegistryTests
{
    private readonly ManifoldRegistry registry = new(ManifoldCatalogue.Families);

    [Fact]
    public void A_registered_family_is_known_by_its_ids_and_short_forms_and_in_messages_and_suggestions()
    {
        registry.Register(Family());
        Assert.Equal("ring:2", registry.Parse("ring:2").Id);
        Assert.Equal("ring:3", registry.Parse("my-ring").Id);
        Assert.Equal("ring", registry.Families[^1].Name);
        Assert.Contains("my-ring", registry.Names);
        Assert.Contains("ring:1", registry.Names);
        string unknown = Assert.Throws<FormatException>(() => registry.Parse("my-rings")).Message;
        Assert.StartsWith(
            "There is no manifold 'my-rings'. Did you mean 'my-ring'? There are sphere:d, ", unknown, StringComparison.Ordinal);
        Assert.Contains(", euclidean:k, ring:R, and products", unknown, StringComparison.Ordinal);
        Assert.Equal(
            "Manifold 'ring:-1' is not of the form ring:R: it takes one positive radius; an example is ring:1.",
            Assert.Throws<FormatException>(() => registry.Parse("ring:-1")).Message);
    }

    [Fact]
    public void Registering_leaves_what_was_there_as_it_was()
    {
        IReadOnlyList<ManifoldFamily> before = registry.Families;
        registry.Register(Family());
        Assert.Equal(ManifoldCatalogue.Families, before);
        Assert.Equal(before, registry.Families.SkipLast(1));
    }

    [Theory]
    [InlineData("sphere", "my-ring", "the name 'sphere' belongs to the family sphere:d already. Choose another name.")]
    [InlineData("circle", "my-ring", "the name 'circle' belongs to the family sphere:d already. Choose another name.")]
    [InlineData("ring", "rp2", "the name 'rp2' belongs to the family projective:d already. Choose another name.")]
    [InlineData("ring", "so3", "the name 'so3' belongs to the family so3 already. Choose another name.")]
    [InlineData("a ring", "my-ring", "'a ring' is no name: a name has no colon, asterisk, comma or blank, and is not empty.")]
    [InlineData("ring", "ring*2", "'ring*2' is no name: a name has no colon, asterisk, comma or blank, and is not empty.")]
    [InlineData("", "my-ring", "'' is no name: a name has no colon, asterisk, comma or blank, and is not empty.")]
    public void A_name_that_is_taken_or_none_is_refused_in_these_words(string name, string shortForm, string reason)
    {
        ManifoldFamily family = Family(name, shortForm);
        string message = $"The manifold family '{name}' cannot be registered: {reason} (Parameter 'family')";
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => registry.Register(family)).Message);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => ManifoldCatalogue.Register(family)).Message);
        Assert.Equal(ManifoldCatalogue.Families, registry.Families);
    }

    [Fact]
    public void A_family_is_refused_a_second_time()
    {
        registry.Register(Family());
        Assert.Contains(
            "'ring' belongs to the family ring:R already", Assert.Throws<ArgumentException>(() => registry.Register(Family())).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ring:1.0", "the id 'ring:1.0' makes a manifold whose Id is 'ring:1'.")]
    [InlineData("hoop:1", "the id 'hoop:1' does not begin with the family's name.")]
    [InlineData("ring:x", "it takes numbers, but 'x' is not a number;")]
    [InlineData(null, "it has no example.")]
    public void Examples_that_make_other_manifolds_are_refused(string? example, string reason)
    {
        ManifoldFamily family = Family(example: example);
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => registry.Register(family)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Families_may_be_registered_from_many_threads()
    {
        const int count = 64;
        Parallel.For(0, count, i => registry.Register(Family($"ring{i}", $"my-ring{i}", $"ring{i}:1")));
        Assert.Equal(ManifoldCatalogue.Families.Count + count, registry.Families.Count);
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal($"ring{i}:3", registry.Parse($"my-ring{i}").Id));
    }

    private static ManifoldFamily Family(string name = "ring", string shortForm = "my-ring", string? example = "ring:1") => new()
    {
        Name = name,
        Syntax = $"{name}:R",
        Summary = "a circle",
        Advice = "a periodic quantity",
        Examples = example is null ? [] : [name == "ring" ? example : $"{name}:1"],
        ShortForms = new Dictionary<string, string> { [shortForm] = $"{name}:3" },
        Create = numbers => numbers is [> 0]
            ? new ProjectedManifold(FormattableString.Invariant($"{name}:{numbers[0]}"), 1, 2, x => nn.functional.normalize(x) * numbers[0])
            : throw new FormatException("one positive radius"),
    };
}
