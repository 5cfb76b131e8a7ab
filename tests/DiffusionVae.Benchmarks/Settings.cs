using System.Globalization;

namespace DiffusionVae.Benchmarks;

/// <summary>What was typed behind the name of a benchmark: <c>name=value</c>, lists by commas.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> values = [];
    private readonly HashSet<string> known = [];

    public Settings(IEnumerable<string> arguments)
    {
        foreach (string argument in arguments)
        {
            string[] parts = argument.Split('=', 2);
            if (parts.Length != 2)
            {
                throw new FormatException($"'{argument}' is not of the form name=value.");
            }
            values[parts[0]] = parts[1];
        }
    }

    /// <summary>What nobody asked for.</summary>
    public IEnumerable<string> Unknown => values.Keys.Except(known);

    public string Text(string name, string otherwise)
    {
        known.Add(name);
        return values.GetValueOrDefault(name, otherwise);
    }

    public string[] Texts(string name, params string[] otherwise) => Text(name, string.Join(',', otherwise)).Split(',');

    public int Whole(string name, int otherwise) => Wholes(name, otherwise)[0];

    public int[] Wholes(string name, params int[] otherwise) =>
        [.. Texts(name, [.. otherwise.Select(number => number.ToString(CultureInfo.InvariantCulture))])
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
}
