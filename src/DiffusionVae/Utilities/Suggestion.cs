namespace DiffusionVae;

/// <summary>Suggests the nearest known name for a mistyped one.</summary>
internal static class Suggestion
{
    /// <summary>
    /// Longer words get no suggestion, because computing the distance takes quadratic time.
    /// </summary>
    private const int LongestWord = 64;

    /// <summary>
    /// Finds the name nearest to <paramref name="word"/> by edit distance. Insertions, deletions,
    /// replacements and swaps of neighbours cost 1 each; upper and lower case count as equal.
    /// </summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">The known names. The first of several equally near names is taken.</param>
    /// <returns>The nearest name, or null if none is within a third of the word's length (at least
    /// 1).</returns>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }
        string? nearest = null;
        int least = Math.Max(1, word.Length / 3) + 1;
        foreach (string name in names)
        {
            int distance = name.Length > LongestWord ? int.MaxValue : EditDistance(word.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < least)
            {
                (nearest, least) = (name, distance);
            }
        }
        return nearest;
    }

    /// <summary>A sentence for the end of an error message.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">The known names.</param>
    /// <returns><c> Did you mean 'name'?</c> with a leading space, or an empty string when no name is
    /// near.</returns>
    public static string DidYouMean(string word, IEnumerable<string> names) =>
        Nearest(word, names) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>Optimal string alignment distance, by the usual table of prefixes.</summary>
    private static int EditDistance(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                int replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        }
        return table[a.Length, b.Length];
    }
}
