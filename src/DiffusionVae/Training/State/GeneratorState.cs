using System.Buffers.Binary;

namespace DiffusionVae.Training;

/// <summary>What a generator may be set to. libtorch ends the process over some states that are none, and reads beyond its memory with others.</summary>
internal static class GeneratorState
{
    /// <summary>Numbers that the Mersenne twister makes at a time.</summary>
    private const int BlockSize = 624;

    /// <summary>Checks a state before the generator is set to it.</summary>
    /// <exception cref="FormatException">It is no state of a generator of this kind.</exception>
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
    /// libtorch's layout: the seed (8 bytes), how many numbers of the block are left (4) and whether there was a seed (4), the index of the next (8), the block.
    /// Fresh from a seed, the next number makes a block; from then on number and index add up.
    /// </summary>
    private static bool IsTwister(ReadOnlySpan<byte> state)
    {
        int left = BinaryPrimitives.ReadInt32LittleEndian(state[8..]);
        int seeded = BinaryPrimitives.ReadInt32LittleEndian(state[12..]);
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        return seeded == 1 && ((left, next) == (1, 0) || (left is > 0 and <= BlockSize && next == (ulong)(BlockSize + 1 - left)));
    }
}
