using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae import FILE</c>: makes a run of the weights that another program wrote.</summary>
internal static class ImportCommand
{
    public static Verb Verb => new()
    {
        Name = "import",
        Summary = "Make a run of weights that another program wrote.",
        Examples =
        [
            "dvae import tuned.safetensors --like runs/torus-2-mnist-seed0 --output runs/tuned",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description =
                "The weights (.safetensors): tensors of the same names and shapes as the run's, of any type of floats, in any order",
        };
        Option<string> like = TextOption.Create("--like", "RUN", "A run with the same networks, latent space and data", ValueText.Any);
        Option<string> output = TextOption.Create("--output", "DIR", "The directory to make, new or empty", ValueText.Any);
        like.Required = output.Required = true;
        var command = new Command(
            Verb.Name,
            "Make a run of weights that another program wrote, such as PyTorch. It can be evaluated like any other. "
            + "Names, shapes and numbers are checked.") { file, like, output };
        command.SetAction(parsed =>
        {
            string place = parsed.GetValue(output)!;
            UsageException.Guard(() => WeightsImport.Create(parsed.GetValue(file)!, parsed.GetValue(like)!, place));
            ResultLine.Write(terminal.Out, "run", place);
        });
        return command;
    }
}
