using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>What stands after the path of data and a colon: <c>cells.csv:label=phase,test=50</c>.</summary>
internal sealed record PathOptions
{
    /// <summary>The options as they are written, for messages.</summary>
    public const string Usage = "N or test=N, label=COLUMN, labels=FILE, header=yes, header=no, grey";

    /// <summary>None of them.</summary>
    public static PathOptions None { get; } = new();

    /// <summary>The number of test observations; null for a tenth.</summary>
    public long? Test { get; private init; }

    /// <summary>The name of the column with the labels, or its number; null for the one that the table
    /// tells.</summary>
    public string? Label { get; private init; }

    /// <summary>The file with the labels of an array, as seen from the array's folder; null if there is
    /// none.</summary>
    public string? Labels { get; private init; }

    /// <summary>Whether a table has a header; null for what its first lines tell.</summary>
    public bool? HasHeader { get; private init; }

    /// <summary>Whether colours are made grey.</summary>
    public bool IsGrey { get; private init; }

    /// <summary>Whether there are options that only tables have.</summary>
    public bool AreForTables => Label is not null || HasHeader is not null;

    /// <summary>Splits an id into an existing path and options.</summary>
    /// <returns>Null if no part of the id up to a colon is an existing path.</returns>
    /// <exception cref="FormatException">
    /// The path exists, and what stands after it are no options.
    /// </exception>
    public static (string Path, PathOptions Options)? Split(string id)
    {
        if (Path.Exists(id))
        {
            return (id, None);
        }
        for (int colon = id.LastIndexOf(':'); colon > 0; colon = id.LastIndexOf(':', colon - 1))
        {
            if (Path.Exists(id[..colon]))
            {
                return (id[..colon], Parse(id, id[(colon + 1)..]));
            }
        }
        return null;
    }

    private static PathOptions Parse(string id, string text)
    {
        PathOptions options = None;
        foreach (string part in text.Split(','))
        {
            options = part.Split('=', 2) switch
            {
                [var number] when Whole(number) is { } test => options with { Test = test },
                ["test", var number] when Whole(number) is { } test => options with { Test = test },
                ["label", { Length: > 0 } name] => options with { Label = name },
                ["labels", { Length: > 0 } file] => options with { Labels = file },
                ["header", "yes"] => options with { HasHeader = true },
                ["header", "no"] => options with { HasHeader = false },
                ["grey"] => options with { IsGrey = true },
                _ => throw new FormatException($"data '{id}': '{part}' is not one of {Usage}"),
            };
        }
        return options;
    }

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
