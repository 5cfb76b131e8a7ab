namespace DiffusionVae;

/// <summary>Creates the random generators of a run from its seed.</summary>
internal static class Seeds
{
    /// <summary>Creates a generator.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">What the generator is for.</param>
    /// <param name="device">The device on which it draws; the CPU by default.</param>
    /// <param name="restart">The number of the restart, from 0. Each restart has its own streams.</param>
    /// <returns>The generator, which the caller owns and disposes.</returns>
    public static Generator Generator(long seed, RandomPurpose purpose, Device? device = null, int restart = 0) =>
        new(Mixed((ulong)seed, ((ulong)restart << 32) + (ulong)purpose), device ?? CPU);

    /// <summary>Seeds torch's global generator, on every device.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">What is drawn from it.</param>
    /// <param name="index">The number of the seed for this purpose. Each number gives its own stream.</param>
    internal static void SeedGlobalGenerator(long seed, RandomPurpose purpose, long index = 0)
    {
        using Generator global = torch.random.manual_seed((long)Mixed(Mixed((ulong)seed, (ulong)purpose), (ulong)index));
    }

    /// <summary>Draws seeds of further generators.</summary>
    /// <param name="generator">The generator, on the CPU, from which they are drawn.</param>
    /// <param name="count">The number of seeds.</param>
    internal static ulong[] Draw(Generator generator, int count)
    {
        using Tensor seeds = torch.randint(0, long.MaxValue, [count], ScalarType.Int64, generator: generator);
        return [.. seeds.data<long>().Select(seed => (ulong)seed)];
    }

    /// <summary>
    /// Two steps of SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds and purposes give unrelated
    /// streams.
    /// </summary>
    private static ulong Mixed(ulong seed, ulong purpose)
    {
        const ulong golden = 0x9e3779b97f4a7c15;
        ulong state = Finalised(seed + golden);
        return Finalised(state + ((purpose + 1) * golden));
    }

    private static ulong Finalised(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
