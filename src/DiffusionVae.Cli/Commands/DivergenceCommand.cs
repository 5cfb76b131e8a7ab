using System.CommandLine;
using System.Globalization;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae divergence</c>: the divergence of Brownian motion from the prior at one time, as a bare number.</summary>
internal sealed class DivergenceCommand
{
    private readonly Terminal terminal;
    private readonly Option<string> manifold = TextOption.Create("--manifold", "ID", "The manifold, or several joined by *", ValueText.Any);
    private readonly Option<double> logTime = TextOption.Create("--log-t", "X", "The natural logarithm of the time", ValueText.Float64);
    private readonly Option<DivergenceMethod> method = TextOption.Create(
        "--method", string.Join('|', ValueText.Names<DivergenceMethod>()), "How to compute it [default: exact where it is known, asymptotic elsewhere]", ValueText.Choice<DivergenceMethod>);

    private DivergenceCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var divergence = new DivergenceCommand(terminal);
        divergence.manifold.Required = true;
        divergence.logTime.Required = true;
        var command = new Command(
            "divergence",
            "Print KL(q_t(p, .) || prior) in nats, with 17 digits. Where it depends on p (embedded-torus), the mean over the manifold; "
            + "for a product, the sum over its factors at the same log t; for euclidean:k, that of N(0, t I) from N(0, I).")
        {
            divergence.manifold, divergence.logTime, divergence.method,
        };
        command.SetAction(divergence.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        DivergenceMethod? chosen = parsed.IsTyped(method) ? parsed.GetValue(method) : null;
        double value = UsageException.Guard(() => MeanDivergence.Parse(parsed.GetValue(manifold)!, chosen).At(parsed.GetValue(logTime)));
        terminal.Out.WriteLine(value.ToString("G17", CultureInfo.InvariantCulture));
        if (value < 0)
        {
            terminal.Note("a negative number is no divergence: the expansion holds at shorter times only.");
        }
        return ExitCodes.Success;
    }
}
