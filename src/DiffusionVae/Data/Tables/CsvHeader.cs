using System.Globalization;
using CsvHelper;

namespace DiffusionVae.Data;

/// <summary>Tells whether the first line of a table has the names of its columns.</summary>
internal static class CsvHeader
{
    /// <summary>How many lines are looked at.</summary>
    private const int LinesSeen = 100;

    private const string Remedy = "give the columns names that are no numbers, or say header=yes or header=no where the data are named";

    /// <summary>The fields of the first lines.</summary>
    /// <exception cref="DataFormatException">The file is missing or has no line.</exception>
    public static List<string[]> ReadStart(string path)
    {
        List<string[]> lines = [];
        try
        {
            using CsvReader csv = CsvReader.Create(DataFiles.Open(path), CsvFormat.Reading, leaveOpen: false);
            while (lines.Count < LinesSeen && csv.Read())
            {
                lines.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
            }
        }
        catch (CsvFormatException fault)
        {
            throw new DataFormatException(path, fault.Message, fault);
        }
        return lines.Count > 0 ? lines : throw new DataFormatException(path, "expected a table, found no line with a field");
    }

    /// <summary>Whether the first of some lines has names.</summary>
    /// <exception cref="DataFormatException">It may be names, and it may be data.</exception>
    public static bool IsPresent(string path, IReadOnlyList<string[]> lines)
    {
        string[] first = lines[0];
        bool[] isNumber = [.. first.Select(field => PlainNumber.TryParse(field, out _))];
        if (isNumber.All(number => number))
        {
            return first.Length > 1 && IsCount(first) ? throw Ambiguous(path, first) : false;
        }
        bool named = lines.Skip(1).Take(1).Any(second => IsNameOfNumbers(first, isNumber, second));
        if (!isNumber.Any(number => number))
        {
            return true;
        }
        string[] numbers = [.. first.Where((_, column) => isNumber[column])];
        // pandas counts columns without names: ',0,1,2' or '0,1,2,label'.
        return IsCount(numbers) && (named || numbers.Length > 1) ? true
            : !named && Repeats(lines, isNumber) ? false
            : throw Ambiguous(path, first);
    }

    /// <summary>The names of the columns, without the sign of a comment and blanks around them.</summary>
    /// <exception cref="DataFormatException">A name occurs twice.</exception>
    public static IReadOnlyList<string> Names(string path, string[] first)
    {
        string[] names = [.. first.Select(field => field.Trim())];
        names[0] = names[0].TrimStart('#').TrimStart();
        if (names.Any(name => name.Contains('\uFFFD')))
        {
            throw CsvTable.NotUtf8(path, 1);
        }
        return names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new DataFormatException(path, $"two columns are named '{CsvTable.Shown(twice.Key)}'; each needs a name of its own")
            : names;
    }

    /// <summary>Whether a column has a text in the first line and a number in the second.</summary>
    private static bool IsNameOfNumbers(string[] first, bool[] isNumber, string[] second) =>
        Enumerable.Range(0, Math.Min(first.Length, second.Length))
            .Any(column => !isNumber[column] && first[column].Length > 0 && PlainNumber.TryParse(second[column], out _));

    /// <summary>Whether a text of the first line, such as a label, occurs again below.</summary>
    private static bool Repeats(IReadOnlyList<string[]> lines, bool[] isNumber) =>
        Enumerable.Range(0, isNumber.Length).Any(column =>
            !isNumber[column] && lines.Skip(1).Any(line => column < line.Length && line[column] == lines[0][column]));

    private static bool IsCount(string[] fields) =>
        fields.Select((field, i) => field == i.ToString(CultureInfo.InvariantCulture)).All(counts => counts);

    private static DataFormatException Ambiguous(string path, string[] first)
    {
        string shown = CsvTable.Shown(string.Join(", ", first));
        return new DataFormatException(path, $"line 1 ({shown}) may have the names of the columns, and it may be data; {Remedy}");
    }
}
