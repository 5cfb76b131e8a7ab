using static System.FormattableString;

namespace DiffusionVae.Tests.Architecture;

/// <summary>
/// Code that can be read: lines that fit beside each other on a screen, files of a few screens, folders of a
/// few files.
/// </summary>
public class CodeLayoutTests
{
    private const int MostColumns = 140;
    private const int MostColumnsOfComments = 110;
    private const int MostLines = 250;
    private const int MostFiles = 20;

    private static readonly string[] Rooms = ["src", "tests", "samples"];
    private static readonly string[] Extensions = [".cs", ".js"];

    /// <summary>What is built, and a library of others that the page of a run carries along.</summary>
    private static readonly string[] NotOurs = ["bin", "obj", "three"];

    [Fact]
    public void Lines_of_code_and_of_comments_are_short() => AssertNone(
        from file in Files()
        from line in File.ReadLines(file).Index()
        let most = IsComment(line.Item) ? MostColumnsOfComments : MostColumns
        where line.Item.Length > most
        select Invariant($"{Relative(file)}:{line.Index + 1} has {line.Item.Length} columns; at most {most} are allowed"));

    [Fact]
    public void Files_are_short() => AssertNone(
        from file in Files()
        let lines = File.ReadLines(file).Count()
        where lines > MostLines
        select Invariant($"{Relative(file)} has {lines} lines; at most {MostLines} are allowed"));

    [Fact]
    public void Folders_have_few_files() => AssertNone(
        from file in Files()
        group file by Path.GetDirectoryName(file)! into folder
        where folder.Count() > MostFiles
        select Invariant($"{Relative(folder.Key)} has {folder.Count()} files of code; at most {MostFiles} are allowed"));

    private static bool IsComment(string line)
    {
        string text = line.TrimStart();
        return text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("/*", StringComparison.Ordinal)
            || text.StartsWith("* ", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Files()
    {
        string[] files =
        [
            .. from room in Rooms
               from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, room), "*", SearchOption.AllDirectories)
               where Extensions.Contains(Path.GetExtension(file))
                   && !Relative(file).Split(Path.DirectorySeparatorChar).Intersect(NotOurs).Any()
               orderby file
               select file,
        ];
        Assert.True(files.Length > 100, "The code was not found.");
        return files;
    }

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    private static void AssertNone(IEnumerable<string> offenders)
    {
        string[] found = [.. offenders];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
