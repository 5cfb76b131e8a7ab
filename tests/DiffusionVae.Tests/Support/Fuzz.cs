using System.Diagnostics;
using CsCheck;
using DiffusionVae.Data;
using Xunit.Abstractions;
using static System.FormattableString;

namespace DiffusionVae.Tests;

/// <summary>
/// Hostile files: a reader takes them or refuses them as documented, and does nothing else.
/// </summary>
internal sealed class Fuzz(ITestOutputHelper output) : IDisposable
{
    /// <summary>What a reader may use for its work besides what the file is long.</summary>
    private const long Workspace = 4 << 20;

    private const int BytesForByte = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();

    /// <summary>Reads many files.</summary>
    /// <param name="reader">What the reader is called.</param>
    /// <param name="files">Where the files come from.</param>
    /// <param name="read">Reads the file of a path, and frees what it gives.</param>
    /// <param name="isDocumented">What may be thrown besides <see cref="DataFormatException"/>.</param>
    /// <param name="name">What the file has to be called.</param>
    public void Run(string reader, Gen<byte[]> files, Action<string> read, Func<Exception, bool>? isDocumented = null, string name = "file")
    {
        int inputs = LongForm.Times(3000, 100_000), refused = 0;
        long most = 0;
        var watch = Stopwatch.StartNew();
        var slowest = TimeSpan.Zero;
        string path = folder[name];
        // Not Gen.Sample, which takes other inputs each time.
        var random = new PCG(1, 20240607);
        for (int i = 0; i < inputs; i++)
        {
            byte[] bytes = files.Generate(random, null, out _);
            Write(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = watch.Elapsed;
            try
            {
                read(path);
            }
            catch (Exception fault) when (fault is DataFormatException || isDocumented?.Invoke(fault) == true)
            {
                refused++;
            }
            catch (Exception fault)
            {
                Assert.Fail(Invariant($"{fault} for input {i}: {Convert.ToHexString(bytes)}"));
            }
            (long taken, TimeSpan time) = (GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed - start);
            Assert.True(taken <= Workspace
                + (BytesForByte * (long)bytes.Length), Invariant($"{taken} bytes taken for input {i}: {Convert.ToHexString(bytes)}"));
            Assert.True(time < Patience, Invariant($"{time.TotalSeconds} s for input {i}: {Convert.ToHexString(bytes)}"));
            (most, slowest) = (Math.Max(most, taken), time > slowest ? time : slowest);
        }
        output.WriteLine(Invariant(
            $"{reader}: {inputs} inputs, {refused} refused as documented, the others read; ")
            + Invariant($"at most {most / 1024} KB taken and {slowest.TotalMilliseconds:0} ms for one."));
        Assert.InRange(refused, inputs / 10, inputs);
    }

    /// <summary>
    /// Valid files with a few changes: of bits, bytes, numbers and lengths, half of them near the start,
    /// where the decisions are.
    /// </summary>
    public static Gen<byte[]> Mutations(params byte[][] originals) =>
        from original in Gen.OneOf(originals)
        from edits in Edit.Array[1, 4]
        select edits.Aggregate(original, (bytes, edit) => edit(bytes));

    private static Gen<Func<byte[], byte[]>> Edit { get; } =
        from atStart in Gen.Bool
        from place in Gen.Int[0, int.MaxValue]
        from kind in Gen.Int[0, 6]
        from value in Gen.Byte
        from count in Gen.Int[1, 40]
        select new Func<byte[], byte[]>(bytes =>
            Change(bytes, bytes.Length == 0 ? 0 : place % (atStart ? Math.Min(64, bytes.Length) : bytes.Length), kind, value, count));

    private static byte[] Change(byte[] bytes, int at, int kind, byte value, int count)
    {
        ReadOnlySpan<byte> tokens = "0123456789,:\"'[]{}()-.eE\\ \n"u8;
        int end = Math.Min(bytes.Length, at + count);
        switch (kind)
        {
            case 0: return Set(bytes, at, b => (byte)(b ^ (1 << (value % 8))));
            case 1: return Set(bytes, at, _ => value);
            case 2: return Set(bytes, at, Token(tokens[value % tokens.Length]));
            case 3: return [.. bytes[..at], .. bytes[end..]];
            case 4: return [.. bytes[..at], .. Enumerable.Repeat(value, count), .. bytes[at..]];
            case 5: return [.. bytes[..end], .. bytes[at..]];
            default:
                // A number of four bytes that is as great, or as small, as can be.
                byte[] extreme = (value % 4) switch { 0 => [255, 255, 255, 255], 1 => [127, 255, 255, 255], 2 => [255, 255, 255, 127], _ =>
                    [0, 0, 0, 0] };
                return at + 4 <= bytes.Length ? [.. bytes[..at], .. extreme, .. bytes[(at + 4)..]] : bytes[..at];
        }
    }

    private static Func<byte, byte> Token(byte token) => _ => token;

    private static byte[] Set(byte[] bytes, int at, Func<byte, byte> change)
    {
        byte[] changed = [.. bytes];
        if (at < changed.Length)
        {
            changed[at] = change(changed[at]);
        }
        return changed;
    }

    /// <summary>
    /// Over what is there: some file systems flush a file that is made anew to the disk, which would take
    /// minutes in all.
    /// </summary>
    private static void Write(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }

    public void Dispose() => folder.Dispose();
}
