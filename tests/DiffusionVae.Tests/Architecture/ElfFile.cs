using System.Buffers.Binary;
using System.Text;

namespace DiffusionVae.Tests.Architecture;

/// <summary>
/// The versions of other libraries' symbols that a 64-bit ELF library needs (System V ABI; Linux Standard
/// Base, "Symbol Versioning").
/// </summary>
internal sealed class ElfFile
{
    private const uint VersionNeeds = 0x6ffffffe;
    private const int WeakFlag = 2;
    private readonly FileStream file;

    private ElfFile(FileStream file) => this.file = file;

    /// <param name="Library">The file that is to have the version, such as libc.so.6.</param>
    /// <param name="Version">Such as GLIBC_2.34.</param>
    /// <param name="Weak">Whether the loader lets its absence pass.</param>
    public readonly record struct Need(string Library, string Version, bool Weak);

    /// <exception cref="InvalidDataException">It is no little-endian 64-bit ELF file.</exception>
    public static IReadOnlyList<Need> Needs(string path)
    {
        using FileStream file = File.OpenRead(path);
        return [.. new ElfFile(file).Needs()];
    }

    private List<Need> Needs()
    {
        byte[] header = Read(0, 64);
        if (!header.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException($"{file.Name} has no header of a little-endian 64-bit ELF file.");
        }
        int size = U16(header, 58), count = U16(header, 60);
        byte[] sections = Read((long)BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40)), size * count);
        var needs = new List<Need>();
        for (int section = 0; section < count; section++)
        {
            if (U32(sections, (section * size) + 4) == VersionNeeds)
            {
                byte[] names = Content(sections, size * (int)U32(sections, (section * size) + 40));
                AddNeeds(Content(sections, section * size), names, needs);
            }
        }
        return needs;
    }

    private static void AddNeeds(byte[] table, byte[] names, List<Need> needs)
    {
        for (int entry = 0, next = 1; next != 0; entry += next)
        {
            next = (int)U32(table, entry + 12);
            string library = Text(names, U32(table, entry + 4));
            int version = entry + (int)U32(table, entry + 8);
            for (int i = 0; i < U16(table, entry + 2); i++)
            {
                needs.Add(new Need(library, Text(names, U32(table, version + 8)), (U16(table, version + 4) & WeakFlag) != 0));
                version += (int)U32(table, version + 12);
            }
        }
    }

    private byte[] Content(byte[] sections, int at) =>
        Read((long)BinaryPrimitives.ReadUInt64LittleEndian(sections.AsSpan(at + 24)),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(sections.AsSpan(at + 32)));

    private byte[] Read(long offset, int count)
    {
        byte[] bytes = new byte[count];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Text(byte[] names, uint offset) =>
        Encoding.ASCII.GetString(names.AsSpan((int)offset, names.AsSpan((int)offset).IndexOf((byte)0)));

    private static int U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
