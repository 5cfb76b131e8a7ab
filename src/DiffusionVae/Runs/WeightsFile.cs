using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>The weights of a model, <c>weights.safetensors</c>, with all that is needed to make the model again.</summary>
internal static class WeightsFile
{
    public static void Write(string path, DiffusionAutoencoder model, RunConfig config, ImageSize size)
    {
        Dictionary<string, string> metadata = new()
        {
            ["format"] = "dvae weights 1",
            ["manifold"] = model.Latent.Id,
            ["height"] = Invariant($"{size.Height}"),
            ["width"] = Invariant($"{size.Width}"),
            ["config"] = config.ToJson(),
        };
        Safetensors.Write(path, [.. model.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))], metadata);
    }

    /// <summary>Makes the model that a file describes, for a given configuration.</summary>
    public static (DiffusionAutoencoder Model, ImageSize Size) Read(string path, RunConfig config)
    {
        using SafetensorsFile file = Safetensors.Read(path);
        var size = new ImageSize(Whole(path, file, "height"), Whole(path, file, "width"));
        using Generator generator = new(0);
        DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpaceOf(path, config), size.Pixels, config.Network, generator);
        try
        {
            Expect(path, "manifold", model.Latent.Id, file.Metadata.GetValueOrDefault("manifold") ?? "none");
            Fill(path, model, file);
            return (model, size);
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
        Expect(path, "tensors", string.Join(", ", parameters.Keys.Order()), string.Join(", ", file.Tensors.Keys.Order()));
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in parameters)
        {
            Tensor stored = file.Tensors[name];
            Expect(path, $"shape of '{name}'", string.Join("x", parameter.shape), string.Join("x", stored.shape));
            parameter.copy_(stored);
        }
    }

    private static int Whole(string path, SafetensorsFile file, string name) =>
        int.TryParse(file.Metadata.GetValueOrDefault(name), out int value) && value is > 0 and <= 1 << 16
            ? value
            : throw new DataFormatException(path, $"expected the {name} of the images in the metadata, found '{file.Metadata.GetValueOrDefault(name)}'");

    private static void Expect(string path, string what, string expected, string found)
    {
        if (expected != found)
        {
            throw new DataFormatException(path, $"the {what} do not suit the run's configuration: expected {expected}, found {found}");
        }
    }
}
