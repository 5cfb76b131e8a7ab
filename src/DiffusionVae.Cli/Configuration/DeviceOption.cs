using System.CommandLine;

namespace DiffusionVae.Cli.Configuration;

/// <summary>The option for the device of a run that may have been trained on another.</summary>
internal static class DeviceOption
{
    public static Option<string> Create()
    {
        Option<string> option = TextOption.Create("--device", "ID", "Where to compute [default: where the run was trained]", ValueText.Any);
        option.CompletionSources.Add(Completions.Devices);
        return option;
    }
}
