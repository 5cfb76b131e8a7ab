using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>The weights of a model, <c>weights.safetensors</c>, with all that is needed to make the model again.</summary>
internal static class WeightsFile
{
    private const string Format = "dvae weights 1";
    private const int LongestSide = 1 << 15;

    /// <summary>Writes the weights that a model has after an epoch.</summary>
    public static void Write(Run run, int epoch)
    {
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["epoch"] = Invariant($"{epoch}"),
            ["manifold"] = run.Model.Latent.Id,
            ["height"] = Invariant($"{run.ImageSize.Height}"),
            ["width"] = Invariant($"{run.ImageSize.Width}"),
            ["config"] = run.Config.ToJson(),
        };
        Safetensors.Write(run.Directory.Weights, [.. run.Model.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))], metadata);
    }

    /// <summary>Makes the model of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The configuration of the run, which the file must have as well.</param>
    /// <returns>The model, the size of its images, and the epoch.</returns>
    public static (DiffusionAutoencoder Model, ImageSize Size, int Epoch) Read(string path, RunConfig config)
    {
        using SafetensorsFile file = Safetensors.Read(path);
        Expect(path, "format", Format, file.Metadata.GetValueOrDefault("format", "none"));
        config.RequireSame(path, file.Metadata.GetValueOrDefault("config", ""));
        var size = new ImageSize(Whole(path, file, "height", LongestSide), Whole(path, file, "width", LongestSide));
        LatentSpace latent = LatentSpaceOf(path, config);
        // Before the model takes memory.
        Expect(path, "number of weights", Invariant($"{DiffusionAutoencoder.ParameterCount(latent, size.Pixels, config.Network)}"), Invariant($"{file.Tensors.Values.Sum(tensor => tensor.numel())}"));
        using Generator generator = new(0);
        DiffusionAutoencoder model = DiffusionAutoencoder.Create(latent, size.Pixels, config.Network, generator);
        try
        {
            Expect(path, "manifold", model.Latent.Id, file.Metadata.GetValueOrDefault("manifold") ?? "none");
            Fill(path, model, file);
            return (model, size, Whole(path, file, "epoch", int.MaxValue));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static LatentSpace LatentSpaceOf(string path, RunConfig config)
    {
        try
        {
            return config.CreateLatentSpace();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw new DataFormatException(path, $"the configuration of this run is damaged: {fault.Message}", fault);
        }
    }

    private static void Fill(string path, DiffusionAutoencoder model, SafetensorsFile file)
    {
        using var frozen = torch.no_grad();
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = model.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);
        Expect(path, "list of tensors", string.Join(", ", parameters.Keys.Order()), string.Join(", ", file.Tensors.Keys.Order()));
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in parameters)
        {
            Tensor stored = file.Tensors[name];
            Expect(path, $"shape of '{name}'", string.Join("x", parameter.shape), string.Join("x", stored.shape));
            parameter.copy_(stored);
        }
    }

    private static int Whole(string path, SafetensorsFile file, string name, int most) =>
        int.TryParse(file.Metadata.GetValueOrDefault(name), out int value) && value > 0 && value <= most
            ? value
            : throw new DataFormatException(path, $"expected the {name} in the metadata, found '{file.Metadata.GetValueOrDefault(name)}'");

    private static void Expect(string path, string what, string expected, string found)
    {
        if (expected != found)
        {
            throw new DataFormatException(path, $"the {what} does not suit the run's configuration: expected {expected}, found {found}");
        }
    }
}
