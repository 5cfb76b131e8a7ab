using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Tests;

public sealed class HelpTests
{
    private static readonly Terminal Nowhere = new(TextWriter.Null, TextWriter.Null);

    [Fact]
    public void Help_says_what_it_is_kept_to_say()
    {
        using var folder = new Folder();
        var transcript = new Transcript(folder.Path);
        transcript.Run("--help");
        foreach (Verb verb in Verb.All)
        {
            transcript.Run(verb.Name, "--help");
        }
        transcript.Run("manifolds");
        transcript.Run("data");
        transcript.Matches("help");
    }

    [Fact]
    public void Every_verb_has_examples_and_every_example_parses()
    {
        Assert.All(Verb.All, verb => Assert.NotEmpty(verb.Examples));
        foreach (string example in Verb.All.SelectMany(verb => verb.Examples).Concat(HelpWithExamples.OfProgram))
        {
            string[] words = example.Split(' ');
            Assert.Equal("dvae", words[0]);
            Assert.Empty(Dvae.Parse(words[1..], Nowhere).Errors);
        }
    }

    [Fact]
    public void Every_value_of_a_configuration_has_an_option()
    {
        // And whether the model is a user's own, which only a program says.
        string[] parts =
        [
            nameof(RunConfig.Latent), nameof(RunConfig.Network), nameof(RunConfig.Training), nameof(RunConfig.Versions),
            nameof(RunConfig.HasUserModel),
        ];
        IEnumerable<string> values = new[] { typeof(RunConfig), typeof(LatentOptions), typeof(NetworkOptions), typeof(TrainingOptions) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(property => property.Name)
            .Except(parts);
        Assert.Equal(values.Order(), ConfigOptions.Create().Select(option => option.Property).Order());
    }

    [Fact]
    public void Every_option_that_takes_a_number_says_its_range_unless_any_will_do()
    {
        foreach (ConfigOption option in ConfigOptions.Create()
            .Where(option => option.Option.HelpName is "N" or "X" or "N,N,..." && option.Property != nameof(TrainingOptions.Seed)))
        {
            Assert.Matches(@"\((at least|above|between|0 or more).*\) \[default: .+\]$", option.Option.Description);
        }
    }

    [Fact]
    public void Help_does_not_load_libtorch()
    {
        using var folder = new Folder();
        var watch = Stopwatch.StartNew();
        Outcome outcome = DvaeProcess.Run(folder.Path, ["--help"], new Dictionary<string, string> { ["LD_DEBUG"] = "libs" });
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            Assert.Contains("libcoreclr.so", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("libtorch", outcome.Error, StringComparison.OrdinalIgnoreCase);
        }
        // A quarter of a second on a quiet machine; this one may be busy.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }
}
