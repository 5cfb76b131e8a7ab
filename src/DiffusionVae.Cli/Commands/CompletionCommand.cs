using System.CommandLine;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae completion SHELL</c>: the script by which a shell asks this program, with the directive
/// <c>[suggest]</c>, how a command may go on.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Verb Verb => new()
    {
        Name = "completion",
        Summary = "Print a script by which a shell completes commands of dvae.",
        Examples =
        [
            "dvae completion bash",
            "dvae completion zsh",
            "dvae completion fish",
            "dvae completion pwsh",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell" };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command(
            Verb.Name,
            "Print a script by which a shell completes commands of dvae: its verbs, options and their values. "
            + "Its first lines say where to put it.") { shell };
        command.SetAction(parsed =>
        {
            using Stream resource =
                typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/dvae.{parsed.GetValue(shell)}")!;
            using var script = new StreamReader(resource);
            terminal.Out.Write(script.ReadToEnd());
        });
        return command;
    }
}
