using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionVae.Cli.Tests;

/// <summary>Folders of IDX files small enough to train on in a second, and ways to damage them.</summary>
internal static class TinyImages
{
    public const string Train = "train-images-idx3-ubyte";
    public const string Test = "t10k-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Options that make a run of small images short.</summary>
    public static readonly string[] Short = ["--encoder-widths", "16", "--decoder-widths", "16", "--batch-size", "16"];

    /// <summary>Options for a short run of these images.</summary>
    public static readonly string[] Quick = ["--data", "tiny", .. Short, "--epochs", "3"];

    /// <summary>
    /// Trains a short run of these images, without the figures that take longer than the run.
    /// </summary>
    public static readonly string[] TrainQuickly = ["train", .. Quick, "--no-figures"];

    /// <summary>Writes 48 + 16 images of 8 by 8 pixels: a bright bar, turned and moved.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Train), Images(48, 8));
        File.WriteAllBytes(Path.Combine(folder, Test), Images(16, 8));
    }

    public static byte[] Images(int count, int side)
    {
        byte[] header = [0, 0, 8, 3, .. BigEndian(count), .. BigEndian(side), .. BigEndian(side)];
        byte[] pixels = new byte[count * side * side];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int image, int y, int x) = (i / (side * side), i / side % side, i % side);
            bool across = image % 2 == 0;
            pixels[i] = (byte)((across ? y : x) == image / 2 % side ? 255 : 8 * ((x + y) % 3));
        }
        return [.. header, .. pixels];
    }

    public static byte[] Labels(int count) => [0, 0, 8, 1, .. BigEndian(count), .. new byte[count]];

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
