using System.Globalization;
using System.Text.Json;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// The verbs that go to and fro between images and latent space: sample, encode, decode; and compare.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class LatentTests
{
    [Fact]
    public void What_is_encoded_can_be_decoded()
    {
        using var folder = new Folder();
        Train(folder, "run", "--manifold", "sphere:2*torus:1");
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "encode", "run", "--output", "latents.csv").ExitCode);
        string[] lines = File.ReadAllLines(folder["latents.csv"]);
        Assert.Equal("image,z1,z2,z3,z4,z5,log_t1,log_t2,kl1,kl2,label", lines[0]);
        double[][] rows =
            [.. lines.Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal(16, rows.Length);
        Assert.All(rows, row =>
        {
            Assert.Equal(1, (row[1] * row[1]) + (row[2] * row[2]) + (row[3] * row[3]), 1e-5);
            Assert.Equal(1, (row[4] * row[4]) + (row[5] * row[5]), 1e-5);
            Assert.InRange(Math.Min(row[8], row[9]), 0, 100);
        });
        // The mean of the KL is what evaluation reports.
        JsonElement elbo = JsonSerializer.Deserialize<JsonElement>(DvaeProcess.Run(folder.Path, "evaluate", "run", "--json").Out);
        Assert.Equal(elbo.GetProperty("kl").GetDouble(), rows.Average(row => row[8] + row[9]), 1e-4);

        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "encode", "run", "--output", "points.npy").ExitCode);
        float[] points = Numbers(folder["points.npy"], "(16, 5)");
        Assert.Equal(rows.SelectMany(row => row[1..6]).Select(number => (float)number), points);

        Assert.Equal(
            ExitCodes.Success,
            DvaeProcess.Run(folder.Path, "decode", "run", "--points", "latents.csv", "--output", "decoded.npy").ExitCode);
        float[] decoded = Numbers(folder["decoded.npy"], "(16, 8, 8)");
        Assert.Equal(16 * 64, decoded.Length);
        Assert.NotEqual(decoded[..64], decoded[64..128]);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "decode", "run", "--points", "latents.csv").ExitCode);
        using SKBitmap sheet = SKBitmap.Decode(folder["run", "decoded.png"]);
        // Four by four images of 8 pixels, seven times enlarged, with gaps of two pixels.
        Assert.Equal((234, 234), (sheet.Width, sheet.Height));
    }

    [Fact]
    public void A_table_on_standard_output_has_factors_where_they_are_known()
    {
        using var folder = new Folder();
        Train(folder, "run", "--manifold", "euclidean:2", "--data", "circle:size=8,images=32,test=10");
        Outcome outcome = DvaeProcess.Run(folder.Path, "encode", "run");
        string[] lines = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("image,z1,z2,log_t1,log_t2,kl,factor1,factor2", lines[0]);
        Assert.Equal(11, lines.Length);
        Assert.Equal(
            33, DvaeProcess.Run(folder.Path, "encode", "run", "--train").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Samples_are_decided_by_the_seed_and_not_by_their_number()
    {
        using var folder = new Folder();
        Train(folder, "run", "--manifold", "sphere");
        float[] Sample(string name, params string[] options)
        {
            Outcome outcome = DvaeProcess.Run(folder.Path, ["sample", "run", "--output", name, .. options], null);
            Assert.Equal((ExitCodes.Success, name + "\n"), (outcome.ExitCode, outcome.Out));
            return Numbers(folder[name], null);
        }
        float[] many = Sample("many.npy", "--count", "1100");
        Assert.Equal(1100 * 64, many.Length);
        Assert.Equal(many[..(3 * 64)], Sample("few.npy", "--count", "3"));
        Assert.NotEqual(many[..(3 * 64)], Sample("other.npy", "--count", "3", "--seed", "1"));
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "sample", "run").ExitCode);
        using SKBitmap sheet = SKBitmap.Decode(folder["run", "samples.png"]);
        Assert.Equal((8 * 58) + 2, sheet.Width);
    }

    [Fact]
    public void A_grid_is_blank_beside_the_manifold()
    {
        using var folder = new Folder();
        Train(folder, "run", "--manifold", "rp2");
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "decode", "run", "--grid", "6", "--output", "grid.npy").ExitCode);
        float[][] images = [.. Numbers(folder["grid.npy"], "(36, 8, 8)").Chunk(64)];
        Assert.All(Enumerable.Range(0, 36), i =>
        {
            (double x, double y) = (((i % 6) - 2.5) / 3, ((i / 6) - 2.5) / 3);
            bool beside = (x * x) + (y * y) > 1;
            Assert.All(images[i], pixel => Assert.Equal(beside, float.IsNaN(pixel)));
        });
    }

    [Fact]
    public void Runs_are_put_side_by_side()
    {
        using var folder = new Folder();
        Train(folder, "one", "--manifold", "sphere");
        Train(folder, "two", "--manifold", "euclidean:2", "--seed", "4");
        string[] table = DvaeProcess.Run(folder.Path, "compare", "one", "two").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, table.Length);
        Assert.StartsWith("run  manifold     data  seed  epochs  ELBO", table[0], StringComparison.Ordinal);
        Assert.StartsWith("two  euclidean:2  tiny  4     3/3     -", table[2], StringComparison.Ordinal);

        JsonElement results = JsonSerializer.Deserialize<JsonElement>(DvaeProcess.Run(folder.Path, "compare", "one", "two", "--json").Out);
        string[] csv =
            DvaeProcess.Run(folder.Path, "compare", "one", "two", "--csv").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] last = File.ReadAllLines(folder["two", "metrics.csv"])[^1].Split(',');
        Assert.Equal("run,manifold,data,seed,epochs,epochs_planned,elbo,kl,mse,log_t", csv[0]);
        Assert.Equal($"two,euclidean:2,tiny,4,3,3,{last[5]},{last[6]},{last[7]},{last[8]}", csv[2]);
        Assert.Equal(double.Parse(last[5], CultureInfo.InvariantCulture), results[1].GetProperty("elbo").GetDouble());
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        using var folder = new Folder();
        Train(folder, "run", "--manifold", "sphere:4");
        File.WriteAllText(folder["bad.csv"], "z1,z2,z3,z4,z5\n1,0,0,0,0\n1,0,x,0,0\n");
        File.WriteAllText(folder["narrow.csv"], "a,b\n1,0\n");
        void Fails(int code, string message, params string[] args)
        {
            Outcome outcome = DvaeProcess.Run(folder.Path, args);
            Assert.Equal(code, outcome.ExitCode);
            Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        }
        Fails(ExitCodes.Usage, "sphere:4 has no chart to lay a grid over; give points with --points.", "decode", "run");
        Fails(ExitCodes.Usage, "--grid takes the place of --points", "decode", "run", "--grid", "3", "--points", "bad.csv");
        Fails(ExitCodes.Usage, "there is no file 'none.csv'", "decode", "run", "--points", "none.csv");
        Fails(ExitCodes.BadData, "line 3, column 3 ('z3'): expected a number, found 'x'", "decode", "run", "--points", "bad.csv");
        Fails(
            ExitCodes.BadData,
            "expected the columns z1 to z5, as this run's latent space has them, or 5 columns of other names; found a, b",
            "decode", "run", "--points", "narrow.csv");
        Fails(ExitCodes.Usage, "a file that ends in .png or .npy", "sample", "run", "--output", "samples.jpg");
        Fails(ExitCodes.Usage, "--count is 0; it must be at least 1.", "sample", "run", "--count", "0");
        Fails(ExitCodes.Usage, "is not the directory of a run", "compare", "run", "elsewhere");
        Fails(ExitCodes.Success, "dvae: left out: 'tiny' is not the directory of a run: it has no config.json.", "compare", "run", "tiny");
    }

    private static void Train(Folder folder, string run, params string[] options)
    {
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.TrainLabels], TinyImages.Labels(48));
        File.WriteAllBytes(folder["tiny", TinyImages.TestLabels], TinyImages.Labels(16));
        Outcome outcome = DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, .. options, "--output", run], null);
        Assert.True(outcome.ExitCode == ExitCodes.Success, outcome.Error);
    }

    /// <summary>The numbers of an array of float32, whose shape is checked if it is given.</summary>
    private static float[] Numbers(string path, string? shape)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = 10 + file[8] + (256 * file[9]);
        Assert.Contains($"'shape': {shape}", System.Text.Encoding.ASCII.GetString(file[..header]), StringComparison.Ordinal);
        return [.. file[header..].Chunk(4).Select(bytes => BitConverter.ToSingle(bytes))];
    }
}
