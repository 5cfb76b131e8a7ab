using System.Text;
using DiffusionVae.Data;
using SkiaSharp;
using TorchSharp;

namespace DiffusionVae.Cli.Tests;

/// <summary>Images in other formats than that of MNIST.</summary>
[Collection(InProcess.Name)]
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ImportTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(SKColorType.Gray8)]
    [InlineData(SKColorType.Rgba8888)]
    public void Images_written_by_another_program_are_read_as_it_reads_them(SKColorType type)
    {
        var random = new Random(1);
        using var bitmap = new SKBitmap(new SKImageInfo(13, 7, type, SKAlphaType.Opaque));
        for (int i = 0; i < 13 * 7; i++)
        {
            bitmap.SetPixel(i % 13, i / 13, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        }
        using (FileStream file = File.Create(folder["a.png"]))
        {
            bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        }
        using torch.Tensor image = PngFile.Read(folder["a.png"]);
        float[] values = image.data<float>().ToArray();
        Assert.Equal([7, 13], image.shape);
        for (int i = 0; i < values.Length; i++)
        {
            SKColor colour = bitmap.GetPixel(i % 13, i / 13);
            Assert.Equal(((0.299 * colour.Red) + (0.587 * colour.Green) + (0.114 * colour.Blue)) / 255, values[i], 1e-6);
        }
    }

    [Fact]
    public void Folders_of_pictures_and_arrays_of_NumPy_are_looked_at_and_trained_on()
    {
        Directory.CreateDirectory(folder["pictures"]);
        for (int i = 0; i < 20; i++)
        {
            WritePicture(folder["pictures", FormattableString.Invariant($"{i}.png")], (byte)(12 * i));
        }
        byte[] header = Encoding.ASCII.GetBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (20, 8, 8), }".PadRight(117) + "\n");
        File.WriteAllBytes(folder["array.npy"], [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. header, .. TinyImages.Images(20, 8)[16..]]);
        foreach ((string id, int train, int test) in new[] { ("pictures", 18, 2), ("array.npy", 18, 2), ("array.npy:5", 15, 5) })
        {
            Outcome looked = DvaeProcess.Run(folder.Path, "data", id);
            Assert.Equal(ExitCodes.Success, looked.ExitCode);
            Assert.Contains(
                FormattableString.Invariant($"{train} to train on, {test} to test on, of 8 by 8 pixels"), looked.Out,
                StringComparison.Ordinal);
            Outcome trained = DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--data", id], null);
            Assert.Equal(ExitCodes.Success, trained.ExitCode);
            Assert.Contains(Path.Combine("runs", $"torus-2-{id.Split('.')[0]}-seed0"), trained.Out, StringComparison.Ordinal);
        }
    }

    private static void WritePicture(string path, byte grey)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(grey, grey, grey));
        using FileStream file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
