using System.Globalization;
using System.Text;
using CsCheck;
using DiffusionVae.Data;
using Xunit.Abstractions;

namespace DiffusionVae.Tests.Data;

/// <summary>Tables of text: read right or refused, never read otherwise than they were meant.</summary>
public sealed class CsvTableTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a,b\n1.5,-2e-3\n3,4\n", "a b")]
    [InlineData("a;b\r\n1.5;-2e-3\r\n3;4", "a b")]
    [InlineData("a\tb\n1.5\t-0.002\n3\t4\n", "a b")]
    [InlineData("sep=;\na;b\n1.5;-2e-3\n3;4\n", "a b")]
    [InlineData("\uFEFFa,b\n\"1.5\",-2e-3\n\n3,4\n", "a b")]
    [InlineData("# a, b\n 1.5, -2e-3\n 3, 4\n", "a b")]
    [InlineData("1.5,-2e-3\n3,4\n", null)]
    [InlineData("1.5;-2e-3\n3;4\n", null)]
    public void Numbers_are_read_with_and_without_a_header(string text, string? names)
    {
        (IReadOnlyList<string>? found, double[][] rows) = Numbers(folder.Write("a.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Equal(names, found is null ? null : string.Join(' ', found));
        Assert.Equal([[1.5, -0.002], [3, 4]], rows);
    }

    [Fact]
    public void Utf16_as_Excel_writes_it_is_read()
    {
        byte[] text = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("größe\tb\r\n1.5\t2\r\n")];
        (IReadOnlyList<string>? names, double[][] rows) = Numbers(folder.Write("a.csv", text));
        Assert.Equal(["größe", "b"], names!);
        Assert.Equal([[1.5, 2]], rows);
    }

    /// <summary>As pandas writes an index and columns without names.</summary>
    [Fact]
    public void Counted_columns_are_names()
    {
        Assert.Equal(["", "0", "1"], Numbers(folder.Write("a.csv", ",0,1\n0,0.5,0.25\n1,0.5,0.25\n"u8.ToArray())).Names!);
        using CsvTable labels = CsvTable.Open(folder.Write("a.csv", "0,1,kind\n0.5,0.25,x\n"u8.ToArray()));
        Assert.Equal(["0", "1", "kind"], labels.Names!);
    }

    [Fact]
    public void A_label_that_comes_again_makes_a_first_row_data()
    {
        using CsvTable table = CsvTable.Open(folder.Write("iris.csv", "5.1,3.5,setosa\n4.9,3,setosa\n6,2,other\n"u8.ToArray()));
        Assert.Null(table.Names);
        Assert.True(table.Read());
        Assert.Equal((5.1, "setosa"), (table.Number(0), table.Text(2)));
    }

    /// <summary>The message names line, column and remedy.</summary>
    [Theory]
    [InlineData("z1;z2\n0,5;-0,25\n", "line 2, column 1 ('z1'): expected a number, found '0,5'; write numbers with a point for decimals, ")]
    [InlineData("z1,z2\n\"1,000\",2\n", "line 2, column 1 ('z1'): expected a number, found '1,000'; write numbers with a point")]
    [InlineData("z1,z2\n1,\n", "line 2, column 2 ('z2'): expected a number, found ''; a missing value")]
    [InlineData("z1,z2\n1,2\n3,NA\n", "line 3, column 2 ('z2'): expected a number, found 'NA'; a missing value")]
    [InlineData("z1,z2\n1,inf\n", "line 2, column 2 ('z2'): expected a number, found 'inf'; write numbers")]
    [InlineData("z1,z2\n1,NaN\n", "line 2, column 2 ('z2'): expected a number, found 'NaN'; only finite numbers are allowed")]
    [InlineData("z1,z2\n1,1e999\n", "line 2, column 2 ('z2'): expected a number, found '1e999'; only finite numbers are allowed")]
    [InlineData("z1,z2\n1,(2)\n", "line 2, column 2 ('z2'): expected a number, found '(2)'; write numbers with a point for decimals")]
    [InlineData("z1,z2\n1,2%\n", "line 2, column 2 ('z2'): expected a number, found '2%'")]
    [InlineData("1 2\n3 4\n", "line 2, column 1 ('1 2'): expected a number, found '3 4'; separate columns by commas (numpy.savetxt with")]
    [InlineData("z1,z2\n1,2,3\n", "line 2 has 3 fields, the first line 2; every row needs a field for each column. Separators within")]
    [InlineData("z1,z2\n1\n", "line 2 has 1 fields, the first line 2; every row needs a field for each column")]
    [InlineData("1,2\n1,2,\n", "line 2 has 3 fields, the first line 2")]
    [InlineData("z1,z1\n1,2\n", "two columns are named 'z1'; each needs a name of its own")]
    [InlineData("0,1\n2,3\n", "line 1 (0, 1) may have the names of the columns, and it may be data")]
    [InlineData("label,400,410\nx,1,2\n", "line 1 (label, 400, 410) may have the names of the columns, and it may be data")]
    [InlineData("z1,z2\n\"1,2\n", "*quote*")]
    [InlineData("\n\n", "expected a table, found no line with a field")]
    public void What_could_be_misread_is_refused(string text, string problem)
    {
        string path = folder.Write("a.csv", Encoding.UTF8.GetBytes(text));
        string message = Assert.Throws<DataFormatException>(() => Numbers(path)).Message;
        if (problem[0] == '*')
        {
            Assert.Contains(problem.Trim('*'), message, StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            Assert.StartsWith($"{path}: {problem}", message, StringComparison.Ordinal);
        }
    }

    /// <summary>Two letters beyond ASCII must not become one label.</summary>
    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] latin1 = Encoding.Latin1.GetBytes("kind,x\né,1\nè,2\n");
        using CsvTable table = CsvTable.Open(folder.Write("a.csv", latin1));
        Assert.True(table.Read());
        Assert.EndsWith(
            "line 2 is not in UTF-8; save the table as 'CSV UTF-8'", Assert.Throws<DataFormatException>(() => table.Text(0)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Whatever the dialect, the numbers that were written are read, bit for bit.</summary>
    [Fact]
    [Trait(LongForm.Trait, LongForm.Value)]
    public void Tables_of_every_dialect_give_the_numbers_written()
    {
        Gen<(double[][] Rows, char Separator, string Line, bool Header, bool Quoted, bool Bom)> tables =
            from width in Gen.Int[1, 5]
            from rows in Gen.Double[-1e6, 1e6].Array[width].Array[2, 6]
            from separator in Gen.OneOf(',', ';', '\t', '|')
            from line in Gen.OneOf("\n", "\r\n")
            from header in Gen.Bool
            from quoted in Gen.Bool
            from bom in Gen.Bool
            select (rows, separator, line, header, quoted, bom);
        var random = new PCG(1, 20261128);
        int count = LongForm.Times(1000, 100_000);
        for (int i = 0; i < count; i++)
        {
            (double[][] rows, char separator, string line, bool header, bool quoted, bool bom) = tables.Generate(random, null, out _);
            if (!header && rows[0].Length > 1 && rows[0].Select((number, column) => number == column).All(counts => counts))
            {
                // 0, 1, ... may be names, and is refused.
                continue;
            }
            var text = new StringBuilder(bom ? "\uFEFF" : "");
            string quote = quoted ? "\"" : "";
            if (header)
            {
                text.Append(string.Join(separator, rows[0].Select((_, column) => $"{quote}x{column}{quote}"))).Append(line);
            }
            foreach (double[] row in rows)
            {
                IEnumerable<string> fields = row.Select(number => quote + number.ToString("R", CultureInfo.InvariantCulture) + quote);
                text.Append(string.Join(separator, fields)).Append(line);
            }
            (IReadOnlyList<string>? names, double[][] found) = Numbers(folder.Write("a.csv", Encoding.UTF8.GetBytes(text.ToString())));
            Assert.Equal(header, names is not null);
            Assert.Equal(rows, found);
        }
        output.WriteLine(FormattableString.Invariant($"{count} tables read right."));
    }

    private static (IReadOnlyList<string>? Names, double[][] Rows) Numbers(string path)
    {
        using CsvTable table = CsvTable.Open(path);
        List<double[]> rows = [];
        while (table.Read())
        {
            rows.Add([.. Enumerable.Range(0, table.Width).Select(table.Number)]);
        }
        return (table.Names, [.. rows]);
    }
}
