using Xunit.Abstractions;

[assembly: TestCollectionOrderer("DiffusionVae.Cli.Tests.LongestFirst", "DiffusionVae.Cli.Tests")]
// One for the tests that compute, the others for tests that mostly wait for processes.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// Starts the classes that take longest before the others, so that none of them is left to run alone at the
/// end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
        [InProcess.Name, nameof(PackageTests), nameof(ReproduceTests), nameof(DocumentTests), nameof(TrainingTests), nameof(KillTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(
            collection => Longest.Any(name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)));
}
