using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// What depends on who reads: colours for people at a terminal who want them, JSON for programs.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed partial class TerminalTests : IDisposable
{
    private readonly Folder folder = new();

    public TerminalTests() => TinyImages.Write(folder["tiny"]);

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void There_are_colours_on_a_terminal_alone_and_not_with_NO_COLOR()
    {
        const string command = "\"$DVAE\" evaluate nowhere";
        Assert.Contains("\u001b[1;31mdvae:\u001b[0m 'nowhere'", OnTerminal(command), StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour(), OnTerminal("NO_COLOR=1 " + command));
        Assert.DoesNotMatch(Colour(), OnTerminal("TERM=dumb " + command));
        // Errors go to a file, results to the terminal.
        Assert.DoesNotMatch(Colour(), OnTerminal(command + " 2>error"));
        Assert.Equal("dvae: 'nowhere' is not the directory of a run: it has no config.json.\n", File.ReadAllText(folder["error"]));
    }

    [LinuxFact]
    public void The_bar_of_training_is_coloured_on_the_same_terms()
    {
        string command = $"\"$DVAE\" train {string.Join(' ', TinyImages.Quick)} --output";
        string coloured = OnTerminal(command + " coloured");
        Assert.Contains("epoch 3/3", coloured, StringComparison.Ordinal);
        Assert.Matches(Colour(), coloured);
        string plain = OnTerminal("NO_COLOR=1 " + command + " plain");
        Assert.Contains("epoch 3/3", plain, StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour(), plain);
    }

    [Fact]
    public void What_a_script_would_read_is_there_as_JSON()
    {
        JsonElement trained = Json([.. TinyImages.TrainQuickly, "--output", "run", "--json"]);
        JsonElement evaluated = Json(["evaluate", "run", "--json"]);
        Assert.Equal(evaluated.GetRawText(), trained.GetRawText());

        JsonElement divergence = Json(["divergence", "--manifold", "torus", "--log-t", "-3:-2:0.5", "--json"]);
        Assert.Equal([-3, -2.5, -2], divergence.EnumerateArray().Select(row => row.GetProperty("logT").GetDouble()));
        Outcome bare = DvaeProcess.Run(folder.Path, "divergence", "--manifold", "torus", "--log-t", "-2.5");
        Assert.Equal(
            double.Parse(bare.Out, System.Globalization.CultureInfo.InvariantCulture), divergence[1].GetProperty("divergence").GetDouble());

        Assert.Contains(Json(["data", "--json"]).EnumerateArray(), row => row.GetProperty("usage").GetString() == "mnist");
        JsonElement tiny = Json(["data", "tiny", "--json"]);
        Assert.Equal(
            (48, 16, 8, false),
            (tiny.GetProperty("train").GetInt32(), tiny.GetProperty("test").GetInt32(), tiny.GetProperty("height").GetInt32(),
            tiny.GetProperty("labels").GetBoolean()));
    }

    private JsonElement Json(string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder.Path, args, null);
        Assert.True(outcome.ExitCode == ExitCodes.Success, outcome.Error);
        using var document = JsonDocument.Parse(outcome.Out);
        return document.RootElement.Clone();
    }

    /// <summary>What a line of shell writes to a terminal.</summary>
    private string OnTerminal(string line)
    {
        var environment = new Dictionary<string, string> { ["DVAE"] = DvaeProcess.Program, ["TERM"] = "xterm-256color" };
        using DvaeProcess script =
            DvaeProcess.Start("/usr/bin/script", folder.Path, ["-qc", "unset NO_COLOR; " + line, "/dev/null"], environment);
        return script.Wait().Out;
    }

    /// <summary>What sets a colour.</summary>
    [GeneratedRegex(@"\x1b\[[0-9;]+m")]
    private static partial Regex Colour();
}
