namespace DiffusionVae;

/// <summary>The generators of a run, all derived from its one seed.</summary>
public static class Seeds
{
    /// <summary>A new generator.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="use">What the generator is for.</param>
    /// <param name="device">Where it draws; the processor by default.</param>
    /// <param name="start">Which start of the seed's it is for, from 0; all the same where a use has but one.</param>
    /// <returns>Owned by the caller.</returns>
    public static Generator Generator(long seed, RandomPurpose use, Device? device = null, int start = 0) =>
        new(Mixed((ulong)seed, ((ulong)start << 32) + (ulong)use), device ?? CPU);

    /// <summary>Seeds torch's global generator, on every device.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="use">What is drawn from it.</param>
    /// <param name="index">Which of the seeds for this use; each gives a stream of its own.</param>
    internal static void SeedGlobalGenerator(long seed, RandomPurpose use, long index = 0)
    {
        using Generator global = torch.random.manual_seed((long)Mixed(Mixed((ulong)seed, (ulong)use), (ulong)index));
    }

    /// <summary>Two steps of SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds and uses give unrelated streams.</summary>
    private static ulong Mixed(ulong seed, ulong use)
    {
        const ulong golden = 0x9e3779b97f4a7c15;
        ulong state = Finalised(seed + golden);
        return Finalised(state + ((use + 1) * golden));
    }

    private static ulong Finalised(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
