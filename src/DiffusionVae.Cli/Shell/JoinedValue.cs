using System.Globalization;
using static System.FormattableString;

namespace DiffusionVae.Cli;

/// <summary>
/// A line to complete that ends in an option and the start of its value joined by an equals sign,
/// <c>--manifold=sph</c>. It is completed like <c>--manifold sph</c>, and each candidate has the option
/// before it, since a shell takes both for one word.
/// </summary>
internal sealed class JoinedValue
{
    private const string Directive = "[suggest:";

    private readonly string before;
    private readonly string option;
    private readonly string value;

    private JoinedValue(string before, string option, string value) => (this.before, this.option, this.value) = (before, option, value);

    /// <summary>
    /// The joined value that arguments ask to complete; null if they ask for something else.
    /// </summary>
    public static JoinedValue? Find(IReadOnlyList<string> args)
    {
        if (args is not [var directive, var line] || !directive.StartsWith(Directive, StringComparison.Ordinal)
            || !int.TryParse(directive[Directive.Length..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out int position)
            || position > line.Length)
        {
            return null;
        }
        int start = line.LastIndexOf(' ', Math.Max(0, position - 1)) + 1;
        string word = line[start..position];
        int sign = word.IndexOf('=', StringComparison.Ordinal);
        return word.StartsWith("--", StringComparison.Ordinal) && sign > 0
            ? new JoinedValue(line[..start], word[..sign], word[(sign + 1)..])
            : null;
    }

    /// <summary>Writes the candidates.</summary>
    /// <returns>The exit code.</returns>
    public int Complete(Terminal terminal)
    {
        string line = $"{before}{option} {value}";
        var found = new StringWriter();
        int code = Dvae.Run([Invariant($"{Directive}{line.Length}]"), line], terminal with { Out = found });
        // Other options are offered too, where a value may be left out.
        foreach (string candidate in found.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(candidate => candidate[0] is not ('-' or '/')))
        {
            terminal.Out.WriteLine($"{option}={candidate}");
        }
        return code;
    }
}
