using System.Text.RegularExpressions;

namespace DiffusionVae.Cli.Tests;

/// <summary>A Markdown file of the repository.</summary>
internal sealed partial class Document
{
    private const string Fence = "```";
    private static readonly string[] Folders = ["docs", "samples", "data", "src", "tests"];

    private Document(string path) => (Path, Text) = (path, File.ReadAllText(Full(path)).ReplaceLineEndings("\n"));

    /// <summary>The path from the root of the repository, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>All documents, but for those that builds have copied.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Folders.SelectMany(folder => Directory.EnumerateFiles(Full(folder), "*.md", SearchOption.AllDirectories)))
            .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    public static Document Read(string path) => new(path);

    /// <summary>The fenced blocks of a language, without their fences.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Text.Split($"\n{Fence}{language}\n").Skip(1).Select(rest => rest[..(rest.IndexOf($"\n{Fence}", StringComparison.Ordinal) + 1)]);

    /// <summary>The targets of links and images, outside of fenced blocks and code.</summary>
    public IEnumerable<string> Links =>
        LinkTarget().Matches(Code().Replace(Fenced().Replace(Text, ""), "")).Select(link => link.Groups[1].Value);

    /// <summary>The names by which headings are linked to, as repository browsers make them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Fenced().Replace(Text, ""))
        .Select(heading => LinkText().Replace(heading.Groups[1].Value, "$1").ToLowerInvariant())
        .Select(heading => string.Concat(heading.Where(IsKept)).Replace(' ', '-'));

    /// <summary>Where a link of this document leads to, from the root of the repository.</summary>
    public string Target(string link) => link.Length == 0 ? Path
        : System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.Combine(Full(Path), "..", link)).Replace('\\', '/');

    private static bool IsKept(char letter) => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_';

    private static string Full(string path) => System.IO.Path.Combine(Repository.Root, path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();
}
