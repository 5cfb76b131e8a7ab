namespace DiffusionVae.Tests;

/// <summary>
/// Tests that start programs, train, or measure at length have the trait Speed=Slow. While code is being
/// changed, <c>dotnet test -c Release --filter Speed!=Slow</c> runs the others, which is most of the cases,
/// in under a minute.
/// </summary>
internal static class Speed
{
    public const string Trait = "Speed";

    public const string Slow = "Slow";
}
