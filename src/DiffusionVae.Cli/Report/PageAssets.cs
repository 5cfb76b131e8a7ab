using System.Reflection;
using System.Text;
using System.Text.Json;

namespace DiffusionVae.Cli.Report;

/// <summary>The page's template, style and scripts, which are part of the program.</summary>
internal static class PageAssets
{
    private const string Folder = "report/";
    private const string Script = ".js";
    private static readonly Assembly Program = typeof(PageAssets).Assembly;

    public static string Template { get; } = Read("page.html");

    public static string Style { get; } = Read("page.css");

    /// <summary>
    /// An import map with the text of every script under its name, so that they stay modules though the page
    /// is a single file: <c>import "charts/series"</c> finds charts/series.js.
    /// </summary>
    public static string Modules { get; } = JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["imports"] = Program.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Script, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => name[Folder.Length..])
            .ToDictionary(file => file[..^Script.Length], Module),
    });

    /// <summary>
    /// A script as an address that holds all of it; the browser's console calls it by its own name.
    /// </summary>
    private static string Module(string file) =>
        PageText.Address("text/javascript", Encoding.UTF8.GetBytes($"{Read(file)}\n//# sourceURL=dvae/{file}\n"));

    private static string Read(string file)
    {
        Stream content = Program.GetManifestResourceStream(Folder + file)
            ?? throw new InvalidOperationException($"The program was built without {file}.");
        using var reader = new StreamReader(content);
        return reader.ReadToEnd();
    }
}
