using System.Text;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// What the program says, as text kept in the folder Snapshots: commands, exit codes, both outputs. With
/// UPDATE_SNAPSHOTS=1 in the environment the tests write these files instead of comparing them; look at the
/// difference before you commit it.
/// </summary>
internal sealed class Transcript(string folder)
{
    private readonly StringBuilder text = new();

    /// <summary>Runs the program and writes down what it says.</summary>
    public Outcome Run(params string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder, args);
        text.Append("$ dvae ")
            .AppendJoin(' ', args.Select(arg => arg.Contains(' ', StringComparison.Ordinal) || arg.Length == 0 ? $"'{arg}'" : arg))
            .Append('\n');
        Append("", outcome.Out);
        Append("stderr: ", outcome.Error);
        text.Append(FormattableString.Invariant($"exit {outcome.ExitCode}\n\n"));
        return outcome;
    }

    /// <summary>Compares all that was said with what is kept.</summary>
    public void Matches(string name)
    {
        string file = name + ".txt";
        string said = text.ToString();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "Snapshots", file), said);
            return;
        }
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", file)), said);
    }

    private void Append(string mark, string output)
    {
        foreach (string line in output.Replace(folder, "FOLDER", StringComparison.Ordinal).ReplaceLineEndings("\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(mark).Append(line).Append('\n');
        }
    }

    private static string SourceFolder()
    {
        DirectoryInfo? place = new(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "DiffusionVae.Cli.Tests.csproj")))
        {
            place = place.Parent;
        }
        return place?.FullName
            ?? throw new DirectoryNotFoundException("The snapshots can be updated from a build inside the repository only.");
    }
}
