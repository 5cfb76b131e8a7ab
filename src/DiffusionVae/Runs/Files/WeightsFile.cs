using System.Text.Json;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>The weights of a model, <c>weights.safetensors</c>: its parameters and buffers, with the
/// configuration of the run.</summary>
internal static class WeightsFile
{
    private const string Format = "dvae weights 1";
    private const int LongestSide = 1 << 15;

    /// <summary>Writes the weights that a model has after an epoch.</summary>
    public static void Write(string path, DiffusionAutoencoder model, RunConfig config, ObservationShape shape, int epoch)
    {
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["epoch"] = Invariant($"{epoch}"),
            ["manifold"] = model.Latent.Id,
            ["config"] = config.ToJson(),
        };
        WriteShape(metadata, shape);
        if (model.Standardisation?.Basis is { } basis)
        {
            metadata["components"] = Invariant($"{basis.size(0)}");
        }
        Safetensors.Write(path, [.. TensorsOf(model)], metadata);
    }

    /// <summary>Makes the model of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The configuration of the run, of which the file has a copy.</param>
    /// <param name="factory">Makes a user-defined model; null for perceptrons.</param>
    /// <returns>The model on the CPU, the shape of its observations, and the epoch.</returns>
    public static (DiffusionAutoencoder Model, ObservationShape Shape, int Epoch) Read(string path, RunConfig config, ModelFactory? factory)
    {
        using SafetensorsFile file = Safetensors.Read(path);
        Expect(path, "format", Format, file.Metadata.GetValueOrDefault("format", "none"));
        config.RequireSame(path, file.Metadata.GetValueOrDefault("config", ""));
        ObservationShape shape = ReadShape(path, file);
        DiffusionAutoencoder model = factory is null
            ? Perceptrons(path, config, shape, file)
            : ModelBuilder.CreateByFactory(config, shape, factory);
        try
        {
            Expect(path, "manifold", model.Latent.Id, file.Metadata.GetValueOrDefault("manifold") ?? "none");
            Fill(path, model, file);
            return (model, shape, Whole(path, file, "epoch", int.MaxValue));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Takes the weights of a file of another program: tensors of the same names and shapes, of any
    /// type of floats and in any order, with or without a checksum.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">Gets the weights.</param>
    /// <exception cref="DataFormatException">The file is damaged, a tensor is missing, of another shape or
    /// too many, or a number is not finite in single precision.</exception>
    public static void ReadInto(string path, DiffusionAutoencoder model)
    {
        using SafetensorsFile file = Safetensors.Read(path, requireChecksum: false);
        if (file.Tensors.FirstOrDefault(tensor => !tensor.Value.is_floating_point()) is { Key: { } whole })
        {
            throw new DataFormatException(path, $"expected weights of floats, found '{whole}' of whole numbers");
        }
        // Other programs know nothing of the standardisation and of what the likelihood learnt.
        Fill(path, model, file, TensorsOf(model).Select(tensor => tensor.Name).Where(name => !IsOfNetwork(name)).Except(file.Tensors.Keys));
        foreach ((string name, Tensor tensor) in TensorsOf(model))
        {
            using var scope = torch.NewDisposeScope();
            if (!tensor.isfinite().all().item<bool>())
            {
                throw new DataFormatException(path, $"expected finite weights, found others in '{name}'");
            }
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> TensorsOf(DiffusionAutoencoder model) =>
        model.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter)).Concat(model.named_buffers());

    private static DiffusionAutoencoder Perceptrons(string path, RunConfig config, ObservationShape shape, SafetensorsFile file)
    {
        LatentSpace latent = LatentSpaceOf(path, config);
        // Before the model takes memory.
        int? components = file.Metadata.ContainsKey("components") ? Whole(path, file, "components", shape.Size) : null;
        Int128 expected = DiffusionAutoencoder.ParameterCount(latent, components ?? shape.Size, config.Network);
        Int128 found = file.Tensors.Where(entry => IsOfNetwork(entry.Key)).Aggregate((Int128)0, (sum, entry) => sum + entry.Value.numel());
        Expect(path, "number of weights", Invariant($"{expected}"), Invariant($"{found}"));
        return DiffusionAutoencoder.CreateBlank(latent, shape, components, config.Network);
    }

    private static bool IsOfNetwork(string name) =>
        !name.StartsWith("likelihood.", StringComparison.Ordinal)
        && !name.StartsWith("standardisation.", StringComparison.Ordinal);

    private static LatentSpace LatentSpaceOf(string path, RunConfig config)
    {
        try
        {
            return config.CreateLatentSpace();
        }
        catch (ConfigurationException fault)
        {
            throw new DataFormatException(path, $"the configuration of this run is damaged: {fault.Message}", fault);
        }
    }

    private static void Fill(string path, DiffusionAutoencoder model, SafetensorsFile file, IEnumerable<string>? kept = null)
    {
        using var frozen = torch.no_grad();
        Dictionary<string, Tensor> tensors =
            TensorsOf(model).ExceptBy(kept ?? [], entry => entry.Name).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Expect(path, "list of tensors", string.Join(", ", tensors.Keys.Order()), string.Join(", ", file.Tensors.Keys.Order()));
        foreach ((string name, Tensor tensor) in tensors)
        {
            Tensor stored = file.Tensors[name];
            Expect(path, $"shape of '{name}'", string.Join("x", tensor.shape), string.Join("x", stored.shape));
            tensor.copy_(stored);
        }
    }

    /// <summary>Height and width of an image, with the channels if there is more than one; or the features of
    /// a vector, with their names if they have any.</summary>
    private static void WriteShape(Dictionary<string, string> metadata, ObservationShape shape)
    {
        if (shape.IsImage)
        {
            metadata["height"] = Invariant($"{shape.Height}");
            metadata["width"] = Invariant($"{shape.Width}");
        }
        else
        {
            metadata["features"] = Invariant($"{shape.Size}");
        }
        if (shape.IsColour)
        {
            metadata["channels"] = Invariant($"{shape.Channels}");
        }
        if (shape.FeatureNames.Count > 0)
        {
            metadata["feature_names"] = JsonSerializer.Serialize(shape.FeatureNames);
        }
    }

    private static ObservationShape ReadShape(string path, SafetensorsFile file)
    {
        if (!file.Metadata.ContainsKey("features"))
        {
            int channels = file.Metadata.ContainsKey("channels") ? Whole(path, file, "channels", 3) : 1;
            (int height, int width) = (Whole(path, file, "height", LongestSide), Whole(path, file, "width", LongestSide));
            return channels == 2
                ? throw new DataFormatException(path, "expected 1 or 3 channels in the metadata, found 2")
                : ObservationShape.Image(height, width, channels);
        }
        int features = Whole(path, file, "features", int.MaxValue);
        if (file.Metadata.GetValueOrDefault("feature_names") is not { } text)
        {
            return ObservationShape.Vector(features);
        }
        try
        {
            string[]? names = JsonSerializer.Deserialize<string[]>(text);
            return names?.Length == features && !names.Contains(null)
                ? ObservationShape.Vector(names)
                : throw new DataFormatException(path, Invariant($"expected the names of {features} features in the metadata"));
        }
        catch (JsonException fault)
        {
            throw new DataFormatException(path, "the names of the features in the metadata are no JSON", fault);
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
