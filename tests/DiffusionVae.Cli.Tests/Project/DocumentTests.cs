namespace DiffusionVae.Cli.Tests;

/// <summary>What the documents say is so: commands run, code compiles, links lead somewhere.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class DocumentTests
{
    private const string ThroughDotnet = "dotnet run -c Release --project src/DiffusionVae.Cli -- ";
    private const int MostBytesOfReadme = 10_000;
    private static readonly string[] FoldersWithCode = ["samples", "tests"];

    /// <summary>In the order in which a newcomer meets them.</summary>
    private static readonly string[] InReadingOrder =
    [
        "README.md", "docs/commands.md", "docs/runs.md", "docs/data.md", "docs/theory.md", "docs/training.md", "docs/extending.md",
        "docs/performance.md", "docs/packaging.md", "docs/testing.md", "CONTRIBUTING.md",
    ];

    /// <summary>Makes a training of the documents short; the last of two equal options wins.</summary>
    private static readonly string[] Short = ["--data", "tiny", "--encoder-widths", "16", "--decoder-widths", "16", "--epochs", "1"];

    public static TheoryData<string> Documents => [.. Document.Paths];

    public static TheoryData<string> DocumentsWithCode => [.. Document.Paths.Where(path => Document.Read(path).Blocks("csharp").Any())];

    [Fact]
    public void Every_document_with_commands_is_tested() =>
        Assert.Empty(Document.Paths.Where(path => CommandsOfDvae(path).Any()).Except(InReadingOrder));

    [Fact]
    public void Every_command_of_the_documents_runs()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        File.WriteAllBytes(folder["tiny", TinyImages.Test], TinyImages.Images(1000, 8)); // as many as the README asks for
        // A command that stands in several documents is run once: a run directory is made once.
        string[] commands = [.. InReadingOrder.SelectMany(CommandsOfDvae).Distinct()];
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
        string test = Assert.Single(Commands("README.md"), command => command.StartsWith("dotnet test", StringComparison.Ordinal));
        Assert.Contains($"\n{test} ", File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_readme_is_short() =>
        Assert.InRange(new FileInfo(Path.Combine(Repository.Root, "README.md")).Length, 1, MostBytesOfReadme);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_somewhere(string path)
    {
        Document document = Document.Read(path);
        Assert.All(document.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)), link =>
        {
            string[] parts = link.Split('#', 2);
            string target = document.Target(parts[0]);
            Assert.True(Path.Exists(Path.Combine(Repository.Root, target)), $"{path} links to {link}: there is no {target}.");
            bool isThere = parts.Length == 1 || Document.Read(target).Anchors.Contains(parts[1]);
            Assert.True(isThere, $"{path} links to {link}: {target} has no such heading.");
        });
    }

    /// <summary>
    /// The code of a document stands in a file of the samples or tests, so the compiler has seen it: its
    /// using directives anywhere in the file, the rest line by line.
    /// </summary>
    [Theory]
    [MemberData(nameof(DocumentsWithCode))]
    public void Every_piece_of_code_compiles(string path)
    {
        string[] compiled = [.. FoldersWithCode
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => WithoutIndentation(File.ReadAllText(file)))];
        Assert.All(Document.Read(path).Blocks("csharp"), block =>
        {
            ILookup<bool, string> lines = WithoutIndentation(block).Split('\n').ToLookup(IsUsingDirective);
            string body = string.Join('\n', lines[false]).Trim('\n');
            bool Has(string file, string text) => file.Contains(text, StringComparison.Ordinal);
            Assert.True(
                compiled.Any(file => Has(file, body) && lines[true].All(line => Has(file, line))),
                $"{path} has code that no file of the samples or tests has:\n{block}");
        });
    }

    /// <summary>
    /// The lines of a document's shell blocks, in order, with the program called dvae throughout.
    /// </summary>
    private static IEnumerable<string> Commands(string path) => !File.Exists(Path.Combine(Repository.Root, path)) ? [] :
        Document.Read(path).Blocks("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.StartsWith(ThroughDotnet, StringComparison.Ordinal) ? "dvae " + line[ThroughDotnet.Length..] : line);

    private static IEnumerable<string> CommandsOfDvae(string path) =>
        Commands(path).Where(command => command.StartsWith("dvae ", StringComparison.Ordinal));

    private static bool IsUsingDirective(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static string WithoutIndentation(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));
}
