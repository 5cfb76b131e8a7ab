using System.CommandLine;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>
/// Reads a configuration from its sources. Later sources take precedence: defaults, preset, file, typed
/// options.
/// </summary>
internal sealed class ConfigSources
{
    /// <summary>The names of options that give many values at once.</summary>
    public const string PresetName = "--preset", FileName = "--config";

    private static readonly Dictionary<string, RunConfig> Presets = new() { ["paper"] = RunConfig.Paper };

    private readonly IReadOnlyList<ConfigOption> options;

    private readonly Option<RunConfig> preset = TextOption.Create(
        PresetName,
        string.Join('|', Presets.Keys),
        "Start from these values: paper has those of the paper's authors",
        name => Presets.GetValueOrDefault(name) ?? throw new FormatException($"one of {string.Join(", ", Presets.Keys)}"));

    private readonly Option<string> file = TextOption.Create(
        FileName, "FILE",
        "Take values from a JSON file, such as the config.json of a run, which it repeats; options typed beside it win",
        ValueText.Any);

    /// <summary>Creates the options of all values except some.</summary>
    /// <param name="without">The names of the options to leave out.</param>
    public ConfigSources(params string[] without) =>
        options = [.. ConfigOptions.Create().Where(option => !without.Contains(option.Option.Name))];

    public void AddTo(Command command)
    {
        foreach (Option option in (IEnumerable<Option>)[.. options.Select(option => option.Option), preset, file])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The names of the typed options.</summary>
    public IEnumerable<string> Typed(ParseResult parsed) =>
        options.Select(option => option.Option).Append(preset).Append(file).Where(parsed.IsTyped).Select(option => option.Name);

    /// <summary>The typed preset; without one, the default configuration.</summary>
    public RunConfig Preset(ParseResult parsed) => parsed.GetValue(preset) ?? new RunConfig();

    /// <summary>The configuration, checked as far as it can be without the data.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="basis">The configuration that typed options change; by default the preset.</param>
    /// <exception cref="UsageException">The configuration has faults.</exception>
    public RunConfig Read(ParseResult parsed, RunConfig? basis = null)
    {
        RunConfig config = basis ?? Preset(parsed);
        if (parsed.GetValue(file) is { } path)
        {
            config = RunConfig.FromJson(ReadText(path), path, config);
        }
        ConfigOption[] typed = [.. options.Where(option => parsed.IsTyped(option.Option))];
        foreach (ConfigOption option in typed)
        {
            config = option.Apply(config, parsed);
        }
        string[] faults = [.. config.Faults().Select(Reword)];
        return faults.Length == 0 ? config : throw new UsageException(string.Join(Environment.NewLine, faults));

        string Reword(string fault) => typed.Select(option => option.Reword(fault)).OfType<string>().FirstOrDefault(fault);
    }

    /// <summary>
    /// Creates the latent space of a configuration, and so checks that its options are possible on the
    /// manifold.
    /// </summary>
    /// <exception cref="UsageException">They are not.</exception>
    public LatentSpace CreateLatentSpace(RunConfig config, ParseResult parsed)
    {
        LatentSpace latent = UsageException.Guard(config.CreateLatentSpace);
        bool typed = options.Any(option => option.Property == nameof(LatentOptions.Bounds) && parsed.IsTyped(option.Option));
        bool free = typed && config.Latent.Bounds is null;
        if (free && latent.Components.OfType<DiffusionLatentSpace>().FirstOrDefault(factor => factor.Bounds is not null) is { } bounded)
        {
            string method = ValueText.Show(bounded.DivergenceMethod);
            throw new UsageException(
                $"log t cannot be free on '{bounded.Id}' with the {method} divergence, which holds at short times only; "
                + "give --log-t-bounds or another --divergence.");
        }
        return latent;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no file '{path}' to take the configuration from.", fault);
        }
        catch (UnauthorizedAccessException fault) when (Directory.Exists(path))
        {
            throw new UsageException($"'{path}' is a folder; --config takes a file, such as {Path.Combine(path, "config.json")}.", fault);
        }
    }
}
