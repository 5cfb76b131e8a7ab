using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DiffusionVae.Cli;

/// <summary>Help that ends with examples.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <summary>The examples of the program's own help.</summary>
    public static IReadOnlyList<string> OfProgram { get; } =
        ["dvae train", "dvae train --manifold sphere --epochs 10", "dvae evaluate runs/torus-2-mnist-seed0"];

    /// <summary>Replaces the default help.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Description = "Show this help.";
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        output.WriteLine("Examples:");
        foreach (string example in Verb.All.FirstOrDefault(verb => verb.Name == command.Name)?.Examples ?? OfProgram)
        {
            output.WriteLine($"  {example}");
        }
        output.WriteLine();
        return code;
    }
}
