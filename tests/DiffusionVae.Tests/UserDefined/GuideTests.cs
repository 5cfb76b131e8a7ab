using System.Globalization;

namespace DiffusionVae.Tests.UserDefined;

/// <summary>The manifold that CONTRIBUTING shows can be named by the ids that it gives as examples.</summary>
public class GuideTests
{
    [Fact]
    public void The_family_of_the_guide_makes_its_examples() => Assert.All(UnequalTorus.Family.Examples, id =>
    {
        double[] numbers = [.. id.Split(':')[1].Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(id, UnequalTorus.Family.Create(numbers).Id);
    });
}
