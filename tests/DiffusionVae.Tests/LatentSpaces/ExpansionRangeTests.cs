using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>The short-time expansion knows how far it holds.</summary>
public sealed class ExpansionRangeTests
{
    /// <summary>
    /// Where it says that it holds, it is within a fifth of the exact divergence: its next term is at most a
    /// tenth, and terms beyond are smaller.
    /// </summary>
    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("sphere:3")]
    [InlineData("sphere:5")]
    [InlineData("torus:2")]
    [InlineData("projective:2")]
    [InlineData("so3")]
    [InlineData("embedded-torus:3,0.6")]
    public void It_says_where_it_holds(string manifold)
    {
        var expansion = MeanDivergence.Parse(manifold, DivergenceMethod.Asymptotic);
        var exact = MeanDivergence.Parse(manifold, DivergenceMethod.Exact);
        double[] times = [.. Enumerable.Range(-20, 41).Select(i => i / 4.0)];
        Assert.All(times, time =>
        {
            double error = Math.Abs(expansion.At(time) - exact.At(time)) / exact.At(time);
            Assert.True(error < 0.2 || !expansion.HoldsAt(time), FormattableString.Invariant($"log t {time}: error {error}"));
            Assert.True(exact.HoldsAt(time));
        });
        Assert.True(expansion.HoldsAt(LogTimeBounds.Paper.Upper));
        Assert.False(expansion.HoldsAt(37));
    }

    /// <summary>At the rim Sc is 2/c² = 200, so that the expansion rises from t = 2d/Sc = 0.02 on.</summary>
    [Fact]
    public void Bounds_where_it_rises_are_refused()
    {
        IManifold flat = ManifoldCatalogue.Parse("ellipsoid:3,3,0.1");
        var options = new LatentOptions { Bounds = LogTimeBounds.Paper };
        Assert.Matches(
            "from log t = -3\\.[89][0-9]? on it rises",
            Assert.Throws<ArgumentException>(() => new DiffusionLatentSpace(flat, options)).Message);
        Assert.NotNull(new DiffusionLatentSpace(flat, options with { Bounds = new LogTimeBounds(-8.75, -4) }));
    }
}
