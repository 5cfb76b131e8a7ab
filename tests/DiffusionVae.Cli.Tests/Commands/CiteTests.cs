using System.Text.RegularExpressions;
using DiffusionVae.Cli.Citation;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Tests;

/// <summary><c>dvae cite</c>: BibTeX that BibTeX can read, of what a run used and of nothing else.</summary>
public sealed class CiteTests : IDisposable
{
    private static readonly string[] OfEveryRun =
        ["perezrey2020diffusion", "diffusionvae", "kingma2014autoencoding", "paszke2019pytorch", "torchsharp", "kingma2015adam"];

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Without_a_run_it_prints_what_every_run_uses() => Assert.Equal(OfEveryRun, Keys("cite"));

    [Fact]
    public void Of_a_run_it_prints_what_the_run_used()
    {
        Assert.Equal(
            [.. OfEveryRun, "loshchilov2017sgdr", "schonemann1966procrustes", "besl1992registration", "lecun1998gradient"],
            Keys(new RunConfig()));
        Assert.Equal(OfEveryRun, Keys(RunConfig.Paper with { Manifold = "sphere:2", Data = "fourier" }));
        var rotations = new RunConfig
        {
            Manifold = "so3*embedded-torus:3,0.6",
            Data = "rotations",
            Latent = new LatentOptions { Divergence = DivergenceMethod.Exact },
            Network = new NetworkOptions { Decoder = "bernoulli" },
            Training = RunConfig.Paper.Training with { Binarisation = Binarisation.Static },
        };
        Assert.Equal([
            .. OfEveryRun, "bornemann2011accuracy", "minakshisundaram1949eigenfunctions", "horn1987orientation",
            "loaizaganem2019continuous"], Keys(rotations));
    }

    [Fact]
    public void The_versions_are_those_that_made_the_run()
    {
        Keys(new RunConfig { Versions = new Dictionary<string, string> { ["DiffusionVae"] = "0.0.7", ["TorchSharp"] = "0.0.8" } });
        string text = DvaeProcess.Run(folder.Path, "cite", "run").Out;
        Assert.Contains("version = {0.0.7}", text, StringComparison.Ordinal);
        Assert.Contains("version = {0.0.8}", text, StringComparison.Ordinal);
        string own = DvaeProcess.Run(folder.Path, "--version").Out.Split('+')[0].Trim();
        Assert.Contains($"version = {{{own}}}", DvaeProcess.Run(folder.Path, "cite").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_entry_is_whole()
    {
        foreach (Reference reference in Reference.All)
        {
            string entry = reference.Entry(null);
            Match form = Regex.Match(entry, @"\A@(\w+)\{(\w+),\n(  \w+ +=( \{.*\}),?\n)+\}\z");
            Assert.True(form.Success, entry);
            Assert.Equal(reference.Key, form.Groups[2].Value);
            Assert.All(form.Groups[4].Captures, value => AssertBalanced(value.Value));
            string[] needed = form.Groups[1].Value switch
            {
                "article" => ["author", "title", "journal", "volume", "pages", "year"],
                "inproceedings" => ["author", "title", "booktitle", "year"],
                "software" => ["author", "title", "version"],
                string other => throw new InvalidOperationException($"@{other}"),
            };
            Assert.All(needed, field => Assert.Matches($@"\n  {field} += ", entry));
            // BibTeX separates the fields; without a comma it does not.
            Assert.Equal(form.Groups[3].Captures.Count - 1, Regex.Count(entry, @"\},\n"));
            Assert.DoesNotContain('@', reference.For);
        }
    }

    [Fact]
    public void The_readme_cites_the_paper_in_the_same_words()
    {
        string readme = Regex.Replace(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), "^    ", "", RegexOptions.Multiline);
        Assert.Contains(Reference.All[0].Entry(null), readme, StringComparison.Ordinal);
    }

    private string[] Keys(RunConfig config)
    {
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(folder["run", "config.json"], config.ToJson());
        return Keys("cite", "run");
    }

    private string[] Keys(params string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, args);
        Assert.Equal((ExitCodes.Success, ""), (outcome.ExitCode, outcome.Error));
        return [.. Regex.Matches(outcome.Out, @"^@\w+\{(\w+),$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
    }

    private static void AssertBalanced(string value)
    {
        int depth = 0;
        foreach (char character in value)
        {
            depth += character switch { '{' => 1, '}' => -1, _ => 0 };
            Assert.True(depth >= 0, value);
        }
        Assert.Equal(0, depth);
    }
}
