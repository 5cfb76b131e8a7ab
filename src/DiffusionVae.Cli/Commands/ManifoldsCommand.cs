using System.CommandLine;
using System.Globalization;
using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae manifolds</c>: which latent spaces there are, and which to choose for which
/// data.</summary>
internal static class ManifoldsCommand
{
    public static Verb Verb => new()
    {
        Name = "manifolds",
        Summary = "List the manifolds there are, and which to choose for which data.",
        Examples =
        [
            "dvae manifolds",
            "dvae manifolds --json",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print as JSON" };
        var command = new Command(Verb.Name, "List the manifolds there are, and say which to choose for which data.") { json };
        command.SetAction(parsed =>
        {
            ManifoldRow[] rows = [.. ManifoldCatalogue.Families.SelectMany(family => family.Examples, ManifoldRow.Of)];
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonText.Of(rows));
                return;
            }
            Print(terminal.Out, rows);
        });
        return command;
    }

    private static void Print(TextWriter output, IEnumerable<ManifoldRow> rows)
    {
        TextTable.Write(output, ["id", "short forms", "d", "n", "volume", "divergence"], rows.Select(row => new[]
        {
            row.Id,
            string.Join(", ", row.ShortForms),
            row.Dimension.ToString(CultureInfo.InvariantCulture),
            row.AmbientDimension.ToString(CultureInfo.InvariantCulture),
            row.Volume?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-",
            row.Divergence,
        }));
        output.WriteLine();
        output.WriteLine("d: dimension; n: coordinates of a point; divergence: exact at every time, or asymptotic, for short times.");
        output.WriteLine();
        output.WriteLine("Which to choose");
        TextTable.Write(
            output, [], ManifoldCatalogue.Families.Select(family => new[] { $"  {family.Syntax}", $"{family.Summary}: {family.Advice}" }));
        output.WriteLine();
        output.WriteLine("Join factors by * for a product, each with a time of its own: sphere:2*torus:1, euclidean:2*torus:1.");
    }
}
