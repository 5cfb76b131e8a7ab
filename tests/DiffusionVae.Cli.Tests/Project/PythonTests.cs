using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Tests;

/// <summary>PyTorch makes of a run's weights what this program makes of them.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class PythonTests
{
    private const double Tolerance = 1e-5;

    // Between the two: every kind of manifold, products, bounded and free log t, both ways to a decoder that
    // is even, both decoders, both projections.
    [PythonFact]
    public void PyTorch_encodes_and_decodes_as_a_run_does() =>
        Compare("--manifold", "sphere:2*torus:2*embedded-torus:3,0.6*so3*projective:2*euclidean:2", "--divergence", "asymptotic");

    [PythonFact]
    public void PyTorch_averages_antipodes_as_a_run_does() =>
        Compare("--manifold", "projective:2*projective:1*embedded-torus:3,0.6", "--projection", "closest", "--average-antipodes", "true",
            "--decoder", "bernoulli", "--binarisation", "dynamic");

    [PythonFact]
    public void PyTorch_projects_onto_the_ellipsoid_and_the_Klein_bottle_as_a_run_does() =>
        Compare("--manifold", "ellipsoid:3,2,1*klein-bottle:2,1*ellipsoid:1,1,0.5,2");

    /// <summary>
    /// Families that the script cannot project onto, and so refuses by name. A new family is added to the
    /// script or named here.
    /// </summary>
    [Fact]
    public void The_script_has_a_projection_for_every_family_of_the_catalogue()
    {
        string[] lacking = [];
        string script = File.ReadAllText(Path.Combine(Repository.Root, "samples", "python", "dvae_torch.py")).ReplaceLineEndings("\n");
        string table = script.Split("\nPROJECTIONS = {\n")[1].Split("\n}\n")[0];
        string[] known =
        [
            .. Regex.Matches(table, "^    \"([^\"]+)\": lambda", RegexOptions.Multiline).Select(match => match.Groups[1].Value),
        ];
        Assert.Equal(lacking, ManifoldCatalogue.Families.Select(family => family.Name).Except(known));
        Assert.Empty(known.Except(ManifoldCatalogue.Families.Select(family => family.Name)));
        Assert.Contains("this script lacks the projection onto the manifold", script, StringComparison.Ordinal);
    }

    private static void Compare(params string[] options)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        foreach (string[] args in (string[][])[
            [.. TinyImages.TrainQuickly, .. options, "--output", "run"],
            ["encode", "run", "--output", "latents.csv"],
            ["decode", "run", "--points", "latents.csv", "--output", "decoded.npy"]])
        {
            Outcome outcome = DvaeProcess.Run(folder.Path, args);
            Assert.True(outcome.ExitCode == ExitCodes.Success, outcome.Error);
        }
        WriteTestImages(folder["images.npy"]);
        string script = Path.Combine(Repository.Root, "samples", "python", "dvae_torch.py");
        using DvaeProcess python = DvaeProcess.Start(PythonFactAttribute.Python, folder.Path, [script, "run", "images.npy", "torch"]);
        Outcome said = python.Wait();
        Assert.Equal("", said.Error);

        AssertNear(Columns(folder["latents.csv"], "z"), Array(folder["torch", "points.npy"]));
        AssertNear(Columns(folder["latents.csv"], "log_t"), Array(folder["torch", "log_t.npy"]));
        AssertNear(Array(folder["decoded.npy"]), Array(folder["torch", "reconstructions.npy"]));
        EpochMetrics last = new RunDirectory(folder["run"]).ReadMetrics()[^1];
        Assert.StartsWith(
            FormattableString.Invariant($"epoch {last.Epoch}: test ELBO {last.Validation.Elbo:0.000}, KL {last.Validation.Kl:0.000}\n"),
            said.Out, StringComparison.Ordinal);
    }

    /// <summary>The images that the run is tested on, as an array.</summary>
    private static void WriteTestImages(string path)
    {
        const int header = 16;
        float[] pixels = [.. TinyImages.Images(16, 8).Skip(header).Select(pixel => pixel / 255f)];
        using FileStream stream = File.Create(path);
        NpyWriter.Write(stream, [16, 8, 8], [pixels]);
    }

    private static float[] Columns(string path, string name)
    {
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split(','))];
        int[] columns =
            [.. Enumerable.Range(0, lines[0].Length).Where(column => lines[0][column].StartsWith(name, StringComparison.Ordinal))];
        return [.. lines.Skip(1).SelectMany(fields => columns.Select(column => float.Parse(fields[column], CultureInfo.InvariantCulture)))];
    }

    private static float[] Array(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        const int prefix = 10;
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(prefix + BitConverter.ToUInt16(bytes, prefix - sizeof(ushort)))).ToArray();
    }

    private static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.NotEmpty(expected);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
