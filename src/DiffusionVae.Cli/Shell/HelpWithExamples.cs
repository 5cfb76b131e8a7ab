using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DiffusionVae.Cli;

/// <summary>Help that ends with examples to copy.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <summary>The examples by verb; every one of them parses, which a test checks.</summary>
    public static IReadOnlyDictionary<string, string[]> Examples { get; } = new Dictionary<string, string[]>
    {
        [""] = ["dvae train", "dvae train --manifold sphere --epochs 10", "dvae evaluate runs/torus-2-mnist-seed0"],
        ["train"] =
        [
            "dvae train --manifold torus",
            "dvae train --manifold sphere:2*torus:1 --data path/to/idx-folder --epochs 30",
            "dvae train --preset paper --manifold rp3 --log-t-bounds -8.75,-3.75 --output runs/rp3-paper",
            "dvae train --config runs/torus-2-mnist-seed0/config.json --seed 1",
            "dvae train --resume runs/torus-2-mnist-seed0",
        ],
        ["evaluate"] =
        [
            "dvae evaluate runs/torus-2-mnist-seed0",
            "dvae evaluate runs/torus-2-mnist-seed0 --seed 1 --json",
            "dvae evaluate runs/torus-2-mnist-seed0 --likelihood importance --samples 100 --images 1000 --csv likelihood.csv",
            "dvae evaluate runs/torus-2-mnist-seed0 --likelihood quadrature --images 1000",
        ],
        ["compare"] = ["dvae compare runs/sphere runs/torus-2-mnist-seed0", "dvae compare runs/sphere runs/torus-2-mnist-seed0 --csv"],
        ["sample"] = ["dvae sample runs/sphere", "dvae sample runs/sphere --count 10000 --output samples.npy --seed 1"],
        ["encode"] = ["dvae encode runs/sphere --output latents.csv", "dvae encode runs/sphere --data path/to/idx-folder --output points.npy"],
        ["decode"] = ["dvae decode runs/sphere --grid 30 --output grid.png", "dvae decode runs/sphere --points latents.csv --output decoded.npy"],
        ["report"] = ["dvae report runs/torus-2-mnist-seed0"],
        ["reproduce"] =
        [
            "dvae reproduce table1 --runs 3",
            "dvae reproduce table1 --runs 3 --part 1/2 --output shared/folder",
            "dvae reproduce table2 --manifolds torus,sphere,embedded-torus:3,0.6",
            "dvae reproduce table1 --preset paper --output as-the-authors-did",
            "dvae reproduce figures",
        ],
        ["manifolds"] = ["dvae manifolds", "dvae manifolds --json"],
        ["divergence"] = ["dvae divergence --manifold torus --log-t -3.5", "dvae divergence --manifold sphere:3 --log-t -4 --method paper", "dvae divergence --manifold so3 --log-t -8:2:0.5"],
        ["data"] = ["dvae data", "dvae data mnist"],
        ["completion"] = ["dvae completion bash", "dvae completion zsh", "dvae completion fish", "dvae completion pwsh"],
        ["cite"] = ["dvae cite", "dvae cite runs/torus-2-mnist-seed0"],
    };

    /// <summary>Puts it in place of the usual help.</summary>
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
        foreach (string example in Examples[command is RootCommand ? "" : command.Name])
        {
            output.WriteLine($"  {example}");
        }
        output.WriteLine();
        return code;
    }
}
