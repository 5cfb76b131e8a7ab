using System.CommandLine;

namespace DiffusionVae.Cli.Tests;

/// <summary><c>dvae completion</c>, and the directive <c>[suggest]</c> that its scripts ask.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("dvae ev", "evaluate")]
    [InlineData("dvae train --manif", "--manifold")]
    [InlineData("dvae train --seed 1 --log-t", "--log-t-bounds")]
    [InlineData("dvae evaluate run --json --dev", "--device")]
    [InlineData("dvae train --manifold sphere:", "sphere:1 sphere:2 sphere:3 sphere:5")]
    [InlineData("dvae train --manifold sphere:2*torus:", "sphere:2*torus:1 sphere:2*torus:2 sphere:2*torus:3")]
    [InlineData("dvae divergence --manifold rp", "rp2 rp3")]
    [InlineData("dvae divergence --manifold=rp", "--manifold=rp2 --manifold=rp3")]
    [InlineData("dvae train --seed 1 --manifold=sphere:2*rp", "--manifold=sphere:2*rp2 --manifold=sphere:2*rp3")]
    [InlineData("dvae train --schedule=", "--schedule=constant --schedule=cosine")]
    [InlineData("dvae train --output=", "")]
    [InlineData("dvae train --data ", "circle fourier mnist rotations turntable")]
    [InlineData("dvae data m", "mnist")]
    [InlineData("dvae train --schedule ", "constant cosine")]
    [InlineData("dvae train --average-antipodes ", "false true")]
    [InlineData("dvae train --preset ", "paper")]
    [InlineData("dvae train --decoder b", "bernoulli negative-binomial")]
    [InlineData("dvae encode run --device c", "cpu cuda")]
    [InlineData("dvae evaluate run --likelihood ", "importance quadrature")]
    [InlineData("dvae train --output ", "")]
    [InlineData("dvae completion ", "bash fish pwsh zsh")]
    public void The_directive_completes_verbs_options_and_values(string line, string words)
    {
        var said = new StringWriter();
        Assert.Equal(ExitCodes.Success, Dvae.Run([$"[suggest:{line.Length}]", line], new Terminal(said, TextWriter.Null)));
        // Options are offered where a value is expected too; the scripts leave them out where none was begun.
        IEnumerable<string> found = said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim())
            .Where(word => words.StartsWith('-') || word[0] is not ('-' or '/'));
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), found);
    }

    [Fact]
    public void Every_choice_that_the_help_shows_is_completed_to_what_parses()
    {
        foreach (Verb verb in Verb.All)
        {
            foreach (Option option in verb.Create(new Terminal(TextWriter.Null, TextWriter.Null))
                .Options.Where(option => option.HelpName is not null && !option.HelpName.Any(char.IsAsciiLetterUpper)))
            {
                Assert.Equal(
                    option.HelpName!.Split('|').Order(),
                    option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label).Order());
            }
        }
    }

    [UnixFact]
    public void Bash_completes_with_the_script()
    {
        // What bash does at a tab; it takes a colon for the end of a word.
        const string script = """
            source <(dvae completion bash)
            complete -p dvae
            while IFS= read -r line; do
                COMP_LINE="$line and more" COMP_POINT=${#line}
                _dvae dvae
                echo "$line|${COMPREPLY[*]}"
            done
            """;
        string[] expected =
        [
            "complete -o default -F _dvae dvae",
            "dvae tr|train",
            "dvae train --seed 1 --manif|--manifold",
            "dvae train --manifold emb|embedded-torus embedded-torus:2,1 embedded-torus:3,0.6",
            "dvae train --manifold sphere:2*torus:|1 2 3",
            "dvae train --manifold=sphere:2*torus:|1 2 3",
            "dvae train --schedule co|constant cosine",
            "dvae train --schedule=co|constant cosine",
            // Nothing, so that bash completes names of files.
            "dvae evaluate |",
            "dvae evaluate runs/sph|",
            "dvae evaluate runs/sphere --js|--json",
        ];
        string lines = string.Join('\n', expected.Skip(1).Select(line => line[..line.IndexOf('|', StringComparison.Ordinal)])) + '\n';
        using var folder = new Folder();
        File.WriteAllText(folder["lines"], lines);
        File.WriteAllText(folder["script"], script);
        Outcome outcome = DvaeProcess.Shell(folder.Path, "PATH=\"$(dirname \"$DVAE\"):$PATH\" bash --norc script < lines");
        Assert.Equal("", outcome.Error);
        Assert.Equal(expected, outcome.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void There_is_a_script_for_every_shell_that_is_named()
    {
        using var folder = new Folder();
        foreach (string shell in (string[])["bash", "zsh", "fish", "pwsh"])
        {
            Outcome outcome = DvaeProcess.Run(folder.Path, "completion", shell);
            Assert.Contains($"dvae completion {shell}", outcome.Out, StringComparison.Ordinal);
            Assert.Contains("[suggest:", outcome.Out, StringComparison.Ordinal);
        }
    }
}
