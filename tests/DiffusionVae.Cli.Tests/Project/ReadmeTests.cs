namespace DiffusionVae.Cli.Tests;

public sealed class ReadmeTests
{
    private const string ThroughDotnet = "dotnet run -c Release --project src/DiffusionVae.Cli -- ";

    /// <summary>What makes a training of the README short; the last of two equal options wins.</summary>
    private static readonly string[] Short = ["--data", "tiny", "--encoder-widths", "16", "--decoder-widths", "16", "--epochs", "1"];

    [Fact]
    public void Every_command_of_the_readme_runs()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.Test], TinyImages.Images(1000, 8)); // as many as the README asks for
        string[] commands = [.. Commands().Where(command => command.StartsWith("dvae ", StringComparison.Ordinal))];
        Assert.Contains("dvae train --manifold torus", commands);
        Assert.All(commands, command =>
        {
            string[] args = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(arg => arg.Trim('"'))];
            string[] all = args[0] switch
            {
                "train" when !args.Contains("--resume") => [.. args, .. Short],
                "reproduce" => [.. args, .. Short, "--runs", "1", "--images", "10", "--manifolds", "sphere,torus"],
                _ => args,
            };
            Outcome outcome = DvaeProcess.Run(folder.Path, all, null);
            Assert.True(outcome.ExitCode == ExitCodes.Success, $"{command}\n{outcome.Error}");
        });
    }

    [Fact]
    public void The_command_for_the_tests_is_the_one_that_continuous_integration_runs()
    {
        string test = Assert.Single(Commands(), command => command.StartsWith("dotnet test", StringComparison.Ordinal));
        Assert.Contains($"\n{test} ", File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_readme_points_to_is_there()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        IEnumerable<string> links = text.Split("](").Skip(1).Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]);
        Assert.All(
            links.Where(link => !link.StartsWith("http", StringComparison.Ordinal) && !link.StartsWith('#')),
            link => Assert.True(Path.Exists(Path.Combine(Repository.Root, link)), link));
    }

    /// <summary>The lines of the README's shell blocks, in order, with the program called dvae throughout.</summary>
    private static IEnumerable<string> Commands()
    {
        bool inside = false;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```sh";
            }
            else if (inside && line.Length > 0)
            {
                yield return line.StartsWith(ThroughDotnet, StringComparison.Ordinal) ? "dvae " + line[ThroughDotnet.Length..] : line;
            }
        }
    }
}
