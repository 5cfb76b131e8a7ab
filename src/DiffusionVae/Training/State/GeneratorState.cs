using System.Buffers.Binary;

namespace DiffusionVae.Training;

/// <summary>
/// Checks states of generators. With some impossible states libtorch ends the process, and with others it
/// reads beyond its memory.
/// </summary>
internal static class GeneratorState
{
    /// <summary>The number of random numbers that the Mersenne twister makes at a time.</summary>
    private const int BlockSize = 624;

    /// <summary>Checks a state before the generator is set to it.</summary>
    /// <exception cref="FormatException">It is not a state of a generator of this kind.</exception>
    public static void Require(string name, Generator generator, Tensor state)
    {
        using var scope = torch.NewDisposeScope();
        Tensor own = generator.get_state();
        if (state.dtype != own.dtype || !state.shape.SequenceEqual(own.shape))
        {
            throw new FormatException(Invariant($"expected {own.numel()} bytes for the generator '{name}', found {state.numel()}"));
        }
        if (generator.device.type == DeviceType.CPU && !IsTwister(state.bytes))
        {
            throw new FormatException($"the state of the generator '{name}' is impossible");
        }
    }

    /// <summary>
    /// The layout of libtorch: the seed (8 bytes), the count of numbers left in the block (4), whether there
    /// was a seed (4), the index of the next number (8), the block. A new generator makes its block with the
    /// first number; from then on count and index add up.
    /// </summary>
    private static bool IsTwister(ReadOnlySpan<byte> state)
    {
        int left = BinaryPrimitives.ReadInt32LittleEndian(state[8..]);
        int seeded = BinaryPrimitives.ReadInt32LittleEndian(state[12..]);
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        return seeded == 1 && ((left, next) == (1, 0) || (left is > 0 and <= BlockSize && next == (ulong)(BlockSize + 1 - left)));
    }
}
