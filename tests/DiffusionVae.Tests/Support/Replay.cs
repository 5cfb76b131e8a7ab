using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests;

/// <summary>Random tests that can be repeated: fixed seeds, and the failing one in the message.</summary>
internal static class Replay
{
    /// <summary>Runs a test once for each seed, in a dispose scope of its own.</summary>
    public static void Seeds(Action<Generator> test, int count = 3)
    {
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            try
            {
                test(generator);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                throw new Xunit.Sdk.XunitException(FormattableString.Invariant($"Seed {seed}: {failure.Message}"), failure);
            }
        }
    }
}
