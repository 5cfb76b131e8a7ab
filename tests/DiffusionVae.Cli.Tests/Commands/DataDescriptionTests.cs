using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

/// <summary>What <c>dvae data</c> says of files, and what makes it warn.</summary>
[Collection(InProcess.Name)]
public sealed class DataDescriptionTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_table_is_described_by_its_columns()
    {
        File.WriteAllText(folder["cells.csv"], "cell,a,b,phase\nc1,1,2.5,s\nc2,3,-4,g2\nc3,5,6,s\n");
        string said = Said("data", folder["cells.csv"]);
        Assert.Equal(
            """
            vectors    2 to train on, 1 to test on, of 2 features
            read from  a table of 3 rows and 4 columns, with a header
            range      from -4 to 3, mean 0.625
            labels     g2 (1), s (1)
            factors    not known
            note       column 1 ('cell') is left out: its texts are names, no two alike.
            WARNING    no test observation has the label g2. Are the rows in the order of their labels?
            first      a, b
                       1, 2.5
                       3, -4

            """, said);
    }

    [Fact]
    public void Images_are_shown_in_letters_and_missing_labels_are_said()
    {
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.TrainLabels], TinyImages.Labels(48));
        string said = Said("data", folder["tiny"]);
        Assert.Contains("labels     of the observations to train on alone; those to test on have none\n", said, StringComparison.Ordinal);
        // The first image is a bright bar across its first line.
        Assert.Contains("first      @@@@@@@@@@@@@@@@", said, StringComparison.Ordinal);
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(Said("data", folder["tiny"], "--json"));
        Assert.Equal((0, 1), (json.GetProperty("least").GetDouble(), json.GetProperty("greatest").GetDouble()));
        Assert.False(json.GetProperty("testLabels").GetBoolean());
    }

    [Theory]
    [InlineData(255f, 0f, "pixels go up to 255. The usual settings suit pixels from 0 to 1; divide by 255.")]
    [InlineData(1f, -1.5f, "pixels go down to -1.5, as standardised images do.")]
    [InlineData(0.5f, 0.5f, "all 9 training images are the same: there is nothing to learn.")]
    public void Ranges_that_suit_no_setting_are_warned_of(float greatest, float least, string warning)
    {
        byte[] header = System.Text.Encoding.ASCII.GetBytes(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (10, 1, 2), }".PadRight(117) + "\n");
        byte[] pixels = [.. Enumerable.Range(0, 20).SelectMany(i => BitConverter.GetBytes(i % 3 == 0 ? greatest : least))];
        File.WriteAllBytes(folder["a.npy"], [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. header, .. pixels]);
        Assert.Contains($"WARNING    {warning}", Said("data", folder["a.npy"]), StringComparison.Ordinal);
    }

    /// <summary>Turned solids go beyond the range that is usual for files of images.</summary>
    [Fact]
    public void Images_made_by_formula_have_the_range_that_is_meant()
    {
        string said = Said("data", "rotations:images=64,test=16,size=16");
        double greatest = double.Parse(
            Regex.Match(said, @"to (\d+\.\d+), mean").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(greatest, 2, 10);
        Assert.DoesNotContain("WARNING", said, StringComparison.Ordinal);
    }

    /// <summary>A flat colour survives the compression, to the rounding of its colour space.</summary>
    [Fact]
    public void Photographs_are_read()
    {
        Directory.CreateDirectory(folder["photos"]);
        foreach ((string name, SKColor colour) in new[] { ("a", new SKColor(200, 40, 90)), ("b", new SKColor(7, 7, 7)) })
        {
            using var bitmap = new SKBitmap(new SKImageInfo(16, 8, SKColorType.Rgba8888, SKAlphaType.Opaque));
            bitmap.Erase(colour);
            using SKData bytes = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
            File.WriteAllBytes(folder["photos", name + ".jpg"], bytes.ToArray());
        }
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(Said("data", folder["photos"], "--json"));
        Assert.Equal(
            (3, 8, 16),
            (json.GetProperty("channels").GetInt32(), json.GetProperty("height").GetInt32(), json.GetProperty("width").GetInt32()));
        Assert.Equal(40 / 255.0, json.GetProperty("least").GetDouble(), 2 / 255.0);
        Assert.Equal(200 / 255.0, json.GetProperty("greatest").GetDouble(), 2 / 255.0);

        byte[] whole = File.ReadAllBytes(folder["photos", "a.jpg"]);
        File.WriteAllBytes(folder["photos", "a.jpg"], whole[..(whole.Length - 40)]);
        Assert.Contains("damaged", Fault("data", folder["photos"]), StringComparison.Ordinal);
    }

    /// <summary>A photograph with damage is read or refused. Its pixels have no checksum.</summary>
    [Fact]
    [Trait(LongForm.Trait, LongForm.Value)]
    public void Damaged_photographs_are_read_or_refused()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(16, 8, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(200, 40, 90));
        bitmap.SetPixel(3, 3, SKColors.White);
        using SKData bytes = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        byte[] whole = bytes.ToArray();
        var random = new Random(1);
        int refused = 0, count = LongForm.Times(500, 100_000);
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = whole[..(i % 3 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (int change = random.Next(4); change >= 0 && damaged.Length > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            File.WriteAllBytes(folder["a.jpg"], damaged);
            try
            {
                using TorchSharp.torch.Tensor image = JpegFile.Read(folder["a.jpg"]);
                Assert.InRange(image.dim(), 2, 3);
            }
            catch (DataFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, count / 10, count - 1);
    }

    private static string Said(params string[] args)
    {
        var output = new StringWriter();
        Assert.Equal(ExitCodes.Success, Dvae.Run(args, new Terminal(output, TextWriter.Null)));
        return output.ToString();
    }

    private static string Fault(params string[] args)
    {
        var error = new StringWriter();
        Assert.Equal(ExitCodes.BadData, Dvae.Run(args, new Terminal(TextWriter.Null, error)));
        return error.ToString();
    }
}
