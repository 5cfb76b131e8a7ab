using System.CommandLine;
using System.Globalization;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae divergence</c>: The divergence of Brownian motion from the prior, as a bare number or as
/// a table.</summary>
internal sealed class DivergenceCommand
{
    private readonly Terminal terminal;
    private readonly Option<string> manifold = TextOption.Create("--manifold", "ID", "The manifold, or several joined by *", ValueText.Any);
    private readonly Option<LogTimes> logTimes = TextOption.Create(
        "--log-t", "X|FROM:TO:STEP", "The natural logarithm of the time, or a range of it, both ends included", LogTimes.Parse);
    private readonly Option<DivergenceMethod> method = TextOption.Create(
        "--method", string.Join('|', ValueText.Names<DivergenceMethod>()),
        "How to compute it [default: exact where it is known, asymptotic elsewhere]", ValueText.Choice<DivergenceMethod>);
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private DivergenceCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "divergence",
        Summary = "Print the divergence of a manifold at a given log t.",
        Examples =
        [
            "dvae divergence --manifold torus --log-t -3.5",
            "dvae divergence --manifold sphere:3 --log-t -4 --method paper",
            "dvae divergence --manifold so3 --log-t -8:2:0.5",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var divergence = new DivergenceCommand(terminal);
        divergence.manifold.Required = true;
        divergence.logTimes.Required = true;
        divergence.manifold.CompletionSources.Add(Completions.Manifolds);
        var command = new Command(
            Verb.Name,
            "Print KL(q_t(p, .) || prior) in nats, with 17 digits; for a range of times, as CSV. "
            + "Where it depends on p (embedded-torus), the mean over the manifold; "
            + "for a product, the sum over its factors at the same log t; for euclidean:k, that of N(0, t I) from N(0, I).")
        {
            divergence.manifold, divergence.logTimes, divergence.method, divergence.json,
        };
        command.SetAction(divergence.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        DivergenceMethod? chosen = parsed.IsTyped(method) ? parsed.GetValue(method) : null;
        LogTimes times = parsed.GetValue(logTimes)!;
        (double[] values, double? outside) = UsageException.Guard(() =>
        {
            MeanDivergence divergence = MeanDivergence.Parse(parsed.GetValue(manifold)!, chosen);
            double[] beyond = [.. times.Values.Where(time => !divergence.HoldsAt(time)).Order()];
            return (times.Values.Select(divergence.At).ToArray(), beyond is [var first, ..] ? first : (double?)null);
        });
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(times.Values.Zip(values, (logTime, value) => new { LogT = logTime, Divergence = value })));
        }
        else
        {
            Print(times, values);
        }
        if (outside is { } from)
        {
            terminal.Note(FormattableString.Invariant(
                $"WARNING: from log t = {from} on these numbers are no divergences: the expansion holds at shorter times only."));
        }
        return ExitCodes.Success;
    }

    private void Print(LogTimes times, double[] values)
    {
        if (times.IsRange)
        {
            terminal.Out.WriteLine("log_t,divergence");
        }
        foreach ((double logTime, double value) in times.Values.Zip(values))
        {
            string number = value.ToString("G17", CultureInfo.InvariantCulture);
            terminal.Out.WriteLine(times.IsRange ? FormattableString.Invariant($"{logTime},{number}") : number);
        }
    }
}
