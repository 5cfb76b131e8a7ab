namespace DiffusionVae.Cli.Tests;

/// <summary>
/// The collection of the tests that compute with libtorch in the process of the tests. Threads and generators
/// of libtorch are global, so these tests run alone, after those that only start programs, which run side by
/// side.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class InProcess
{
    public const string Name = "in process";
}
