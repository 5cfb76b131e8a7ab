using DiffusionVae.Runs;

namespace DiffusionVae.Tests.Runs;

/// <summary>Runs that were begun by a version that summed over a batch in another order.</summary>
public class OtherSumsTests
{
    [Fact]
    public void Only_they_are_told_of()
    {
        Assert.Null(RunVersions.OtherSums(RunVersions.Current));
        var before = RunVersions.Current.Where(version => version.Key != "sums").ToDictionary();
        Assert.Equal(RunVersions.Current.Count - 1, before.Count);
        Assert.StartsWith("the run was begun by an earlier version,", RunVersions.OtherSums(before), StringComparison.Ordinal);
        Assert.NotNull(RunVersions.OtherSums(null));
    }
}
