using System.Globalization;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>The reading of ids: what is taken, what is refused, and in which words.</summary>
public class ManifoldCatalogueTests
{
    private const string Kinds = "There are sphere:d, torus:k, embedded-torus:R,r, ellipsoid:a,b,c, klein-bottle:R,r, so3, "
        + "projective:d, euclidean:k, and products such as sphere:2*torus:1.";

    public static TheoryData<string> All => Examples.All;

    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    public static TheoryData<string, string> ShortForms
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (KeyValuePair<string, string> form in ManifoldCatalogue.Families.SelectMany(family => family.ShortForms))
            {
                data.Add(form.Key, form.Value);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_id_names_the_manifold_that_has_it(string id)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Assert.Equal(id, manifold.Id);
        Assert.InRange(manifold.Dimension, 1, manifold.AmbientDimension);
        Assert.NotNull(IndependentGeometry.Of(manifold));
    }

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void An_id_names_the_latent_space_that_has_it_whatever_the_culture(string id)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = WithDecimalCommas();
            Assert.Equal("0,5", FormattableString.CurrentCulture($"{0.5}"));
            LatentSpace latent = LatentSpace.Parse(id);
            Assert.Equal(id, latent.Id);
            Assert.Equal(id.Split('*'), latent.Components.Select(factor => factor.Id));
            Assert.DoesNotContain("0,5", latent.Description, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(ShortForms))]
    public void Short_forms_stand_for_ids_and_hide_none(string form, string id)
    {
        Assert.Equal(id, ManifoldCatalogue.Parse(form).Id);
        Assert.Contains(form, ManifoldCatalogue.Names);
        Assert.DoesNotContain(form, ManifoldCatalogue.Examples);
    }

    [Fact]
    public void Names_of_families_and_short_forms_are_unique_and_every_family_has_an_example_of_its_own()
    {
        Assert.Distinct(ManifoldCatalogue.Families.Select(family => family.Name));
        Assert.Distinct(ManifoldCatalogue.Families.SelectMany(family => family.ShortForms.Keys));
        Assert.All(ManifoldCatalogue.Families, family => Assert.NotEmpty(family.Examples));
        Assert.All(ManifoldCatalogue.Families, family => Assert.All(family.Examples, id => Assert.Equal(family.Name, id.Split(':')[0])));
    }

    [Theory]
    [InlineData("spere:2", $"There is no manifold 'spere:2'. Did you mean 'sphere:2'? {Kinds}")]
    [InlineData("Torus", $"There is no manifold 'Torus'. Did you mean 'torus'? {Kinds}")]
    [InlineData("moebius-strip", $"There is no manifold 'moebius-strip'. {Kinds}")]
    [InlineData("ellipsoid:2,1", "Manifold 'ellipsoid:2,1' is not of the form ellipsoid:a,b,c: it takes three or more positive "
        + "semi-axes a,b,c; an example is ellipsoid:3,2,1.")]
    [InlineData("ellipsoid:3,-2,1", "Manifold 'ellipsoid:3,-2,1' is not of the form ellipsoid:a,b,c: it takes three or more "
        + "positive semi-axes a,b,c; an example is ellipsoid:3,2,1.")]
    [InlineData("klein-bottle:1,1", "Manifold 'klein-bottle:1,1' is not of the form klein-bottle:R,r: it takes two radii R,r with 0 "
        + "< r < R; an example is klein-bottle:2,1.")]
    [InlineData("", $"There is no manifold ''. {Kinds}")]
    [InlineData("sphere:0",
        "Manifold 'sphere:0' is not of the form sphere:d: it takes one whole number from 1 to 512; an example is sphere:5.")]
    [InlineData("sphere:513",
        "Manifold 'sphere:513' is not of the form sphere:d: it takes one whole number from 1 to 512; an example is sphere:5.")]
    [InlineData("sphere:2.5",
        "Manifold 'sphere:2.5' is not of the form sphere:d: it takes one whole number from 1 to 512; an example is sphere:5.")]
    [InlineData("sphere:-2",
        "Manifold 'sphere:-2' is not of the form sphere:d: it takes one whole number from 1 to 512; an example is sphere:5.")]
    [InlineData("sphere:2,3",
        "Manifold 'sphere:2,3' is not of the form sphere:d: it takes one whole number from 1 to 512; an example is sphere:5.")]
    [InlineData("sphere:two",
        "Manifold 'sphere:two' is not of the form sphere:d: it takes numbers, but 'two' is not a number; an example is sphere:5.")]
    [InlineData("sphere:",
        "Manifold 'sphere:' is not of the form sphere:d: it takes numbers, but '' is not a number; an example is sphere:5.")]
    [InlineData("sphere:NaN",
        "Manifold 'sphere:NaN' is not of the form sphere:d: it takes numbers, but 'NaN' is not a number; an example is sphere:5.")]
    [InlineData("torus:1e999",
        "Manifold 'torus:1e999' is not of the form torus:k: it takes numbers, but '1e999' is not a number; an example is torus:3.")]
    [InlineData("projective",
        "Manifold 'projective' is not of the form projective:d: it takes one whole number from 1 to 512; an example is projective:3.")]
    [InlineData("embedded-torus:1", "Manifold 'embedded-torus:1' is not of the form embedded-torus:R,r: it takes two radii R,r with "
        + "0 < r < R; an example is embedded-torus:2,1.")]
    [InlineData("embedded-torus:1,1", "Manifold 'embedded-torus:1,1' is not of the form embedded-torus:R,r: it takes two radii R,r "
        + "with 0 < r < R; an example is embedded-torus:2,1.")]
    [InlineData("embedded-torus:1,0", "Manifold 'embedded-torus:1,0' is not of the form embedded-torus:R,r: it takes two radii R,r "
        + "with 0 < r < R; an example is embedded-torus:2,1.")]
    [InlineData("so3:3", "Manifold 'so3:3' is not of the form so3: it takes nothing after the name; an example is so3.")]
    public void A_wrong_id_is_refused_in_these_words(string id, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => ManifoldCatalogue.Parse(id)).Message);
        Assert.Equal(message, Assert.Throws<FormatException>(() => LatentSpace.Parse($"torus*{id}*sphere")).Message);
    }

    [Fact]
    public void A_product_may_be_spaced_and_a_factor_left_out_is_refused()
    {
        Assert.Equal("sphere:2*torus:1", LatentSpace.Parse(" sphere:2 * torus:1 ").Id);
        Assert.Throws<FormatException>(() => LatentSpace.Parse("sphere:2*"));
        Assert.Throws<FormatException>(() => LatentSpace.Parse("*"));
    }

    private static CultureInfo WithDecimalCommas()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }
}
