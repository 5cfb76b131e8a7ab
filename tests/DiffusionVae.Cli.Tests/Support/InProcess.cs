namespace DiffusionVae.Cli.Tests;

/// <summary>
/// The collection of the tests that compute with libtorch in the process of the tests. Threads and generators
/// of libtorch are global, so these tests run one after another. The other tests only start programs, and may
/// run beside them. They share one browser, which starts when a test first asks for a page.
/// </summary>
[CollectionDefinition(Name)]
public sealed class InProcess : ICollectionFixture<Browser>
{
    public const string Name = "in process";
}
