using System.Text.Json.Nodes;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Tests;

/// <summary><c>--device</c> where the device is not there, and the build that has GPUs.</summary>
[Collection(InProcess.Name)]
[Trait(Speed.Trait, Speed.Slow)]
public sealed class DeviceTests
{
    /// <summary>No machine has as many.</summary>
    private const string Missing = "cuda:99";

    [Fact]
    public void A_device_that_is_not_there_is_refused_and_another_can_be_chosen()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--output", "run"], null).ExitCode);
        string[][] uses = [["evaluate", "run"], ["sample", "run"], ["encode", "run"], ["decode", "run"], ["report", "run"]];
        foreach (string[] use in uses)
        {
            AssertRefused(folder.Path, [.. use, "--device", Missing]);
        }
        Assert.Equal(ExitCodes.Usage, DvaeProcess.Run(folder.Path, "evaluate", "run", "--device", "gpu").ExitCode);

        // As if it had been trained on a machine that has one.
        Move(folder["run"]);
        foreach (string[] use in (string[][])[.. uses, ["train", "--resume", "run"]])
        {
            AssertRefused(folder.Path, use);
        }
        Outcome onProcessor = DvaeProcess.Run(folder.Path, "encode", "run", "--device", "cpu");
        Assert.Equal((ExitCodes.Success, ""), (onProcessor.ExitCode, onProcessor.Error));
    }

    [Fact]
    public void A_property_of_the_build_chooses_the_backend()
    {
        string project = Path.Combine(Repository.Root, "src", "DiffusionVae.Cli", "DiffusionVae.Cli.csproj");
        string cuda = OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux";
        Assert.Equal(["TorchSharp-cpu"], Backends(project));
        Assert.Equal([cuda], Backends(project, "-p:TorchBackend=cuda"));
    }

    private static void AssertRefused(string folder, string[] args)
    {
        Outcome outcome = DvaeProcess.Run(folder, args);
        Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
        Assert.Equal($"dvae: There is no device '{Missing}' here: it needs an NVIDIA GPU and a build with the CUDA backend of "
            + $"TorchSharp. Use cpu.\n", outcome.Error);
    }

    /// <summary>Changes the device in the configuration, and in the copy that the weights have.</summary>
    private static void Move(string run)
    {
        var directory = new RunDirectory(run);
        RunConfig config = directory.ReadConfig() with { Device = Missing };
        File.WriteAllText(directory.Config, config.ToJson());
        using SafetensorsFile weights = Safetensors.Read(directory.Weights);
        Dictionary<string, string> metadata = new(weights.Metadata) { ["config"] = config.ToJson() };
        Safetensors.Write(directory.Weights, [.. weights.Tensors.Select(entry => (entry.Key, entry.Value))], metadata);
    }

    private static string[] Backends(string project, params string[] properties)
    {
        using DvaeProcess build =
            DvaeProcess.Start("dotnet", Repository.Root, ["msbuild", project, "-getItem:PackageReference", .. properties]);
        Outcome outcome = build.Wait();
        Assert.Equal(0, outcome.ExitCode);
        IEnumerable<string> packages =
            JsonNode.Parse(outcome.Out)!["Items"]!["PackageReference"]!.AsArray().Select(package => (string)package!["Identity"]!);
        return [.. packages.Where(package => package.StartsWith("TorchSharp-", StringComparison.Ordinal))];
    }
}
