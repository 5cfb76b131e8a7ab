using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae sample RUN</c>: images of points drawn from the prior.</summary>
internal sealed class SampleCommand
{
    private const int DefaultCount = 64;
    private readonly Terminal terminal;
    private readonly RunArguments run = new();
    private readonly Option<int> count = TextOption.Create(
        "--count", "N", FormattableString.Invariant($"How many images (at least 1) [default: {DefaultCount}]"), ValueText.Int32);
    private readonly Option<ImageOutput> output = TextOption.Create(
        "--output", "FILE",
        "Where to: a sheet (.png) or an array of shape [N, height, width] (.npy) [default: samples.png in the run's directory]",
        ImageOutput.Parse);
    private readonly Option<long> seed = TextOption.Create("--seed", "N", "Decides the draws [default: the run's]", ValueText.Int64);

    private SampleCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "sample",
        Summary = "Decode points drawn from the prior.",
        Examples =
        [
            "dvae sample runs/sphere",
            "dvae sample runs/sphere --count 10000 --output samples.npy --seed 1",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var sample = new SampleCommand(terminal);
        var command = new Command(Verb.Name, "Draw points from the prior and decode them.") { sample.run.Path, sample.count, sample.output,
            sample.seed, sample.run.Device };
        command.SetAction(sample.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        using Run opened = run.Open(parsed);
        int images = parsed.IsTyped(count) ? parsed.GetValue(count) : DefaultCount;
        if (images < 1)
        {
            throw new UsageException(FormattableString.Invariant($"--count is {images}; it must be at least 1."));
        }
        long chosen = parsed.IsTyped(seed) ? parsed.GetValue(seed) : opened.Config.Training.Seed;
        ImageOutput? named = parsed.GetValue(output);
        ImageOutput file = named ?? new ImageOutput(Path.Combine(opened.Directory.Root, "samples.png"));
        OutputPlace.Guard(named is not null, file.Path, () => Interruption.Run(terminal, stop =>
            file.Write(images, () => stop.Heeded(opened.Batched.Decode(opened.Batched.SamplePrior(chosen).Take(images))), opened.Shape)));
        terminal.Out.WriteLine(file.Path);
        return ExitCodes.Success;
    }
}
