using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Everything that decides a run. Kept in its directory as <c>config.json</c>, from which the run can be repeated.</summary>
public sealed record RunConfig
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions JsonText = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>The latent space, read by <see cref="LatentSpace.Parse"/>; default <c>torus:2</c>.</summary>
    public string Manifold { get; init; } = "torus:2";

    /// <summary>The data, read by <see cref="DataCatalogue.Parse"/>; default <c>mnist</c>.</summary>
    public string Data { get; init; } = "mnist";

    /// <summary>The number of training images, the last ones, set apart to measure on in place of the test images; default 0, none.</summary>
    public long HoldOut { get; init; }

    /// <summary>The choices about the latent space.</summary>
    public LatentOptions Latent { get; init; } = new();

    /// <summary>The choices about the networks.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>The choices about training.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The number of starts to try, each for a twentieth of the epochs; the best of them is the run's. At least 1, default 1.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>The number of threads of tensor operations; default 0, one for each core.</summary>
    public int Threads { get; init; }

    /// <summary>The device, <c>cpu</c> or <c>cuda:i</c>; default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The versions that made the run, by name; written with a run, and ignored when one is repeated.</summary>
    public IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>The authors' protocol: bounded log t, the divergence as printed, averaged antipodes, 500 epochs of batches of 640 at a constant rate.</summary>
    public static RunConfig Paper { get; } = new()
    {
        Latent = new LatentOptions { Divergence = DivergenceMethod.Paper, Bounds = LogTimeBounds.Paper, Projection = EncoderProjection.Closest, Steps = 10 },
        Network = new NetworkOptions { AverageAntipodes = true },
        Training = new TrainingOptions { Epochs = 500, BatchSize = 640, LearningRate = 1e-3, Schedule = LearningRateSchedule.Constant, LearningRateWarmup = 0, KlWarmup = 0, Initialisation = Initialisation.Random },
    };

    /// <summary>Everything that is wrong with this configuration; empty if it is fine.</summary>
    public IEnumerable<string> Faults()
    {
        if (HoldOut < 0)
        {
            yield return Invariant($"HoldOut is {HoldOut}; it must be 0 or more.");
        }
        if (Starts is < 1 or > 1000)
        {
            yield return Invariant($"Starts is {Starts}; it must lie between 1 and 1000.");
        }
        if (Threads is < 0 or > 1024)
        {
            yield return Invariant($"Threads is {Threads}; it must lie between 0 and 1024.");
        }
        foreach (string fault in Latent.Faults().Concat(Network.Faults()).Concat(Training.Faults()))
        {
            yield return fault;
        }
        if (Training.Binarisation == Binarisation.None && Network.Decoder == "bernoulli")
        {
            // Grey values under a Bernoulli decoder are no likelihood (Loaiza-Ganem and Cunningham 2019).
            yield return "A Bernoulli decoder needs zeros and ones: choose static or dynamic binarisation.";
        }
    }

    /// <summary>The latent space of this configuration.</summary>
    /// <exception cref="FormatException">There is no such manifold.</exception>
    /// <exception cref="ArgumentException">The options do not suit it.</exception>
    public LatentSpace CreateLatentSpace() => LatentSpace.Parse(Manifold, Latent);

    /// <summary>Writes the configuration as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Checks that data can be trained on and measured with this configuration.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">Nothing would be left to train on, or pixels are not what the decoder or the binarisation needs.</exception>
    public void RequireMatches(ImageData data)
    {
        using Split split = Split.Create(data, HoldOut);
        PixelLikelihood likelihood = PixelLikelihood.Parse(Network.Decoder);
        foreach (ImageSet images in new[] { split.Train, split.Test })
        {
            likelihood.RequireOutcomes(images.Pixels, images.Name);
            if (Training.Binarisation != Binarisation.None)
            {
                Guard.Probabilities(images.Pixels, images.Name, "to be binarised");
            }
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="basis">What holds where the text says nothing; by default the defaults.</param>
    /// <exception cref="DataFormatException">It is not a configuration; the message says where.</exception>
    public static RunConfig FromJson(string json, string source, RunConfig? basis = null)
    {
        try
        {
            JsonObject part = JsonNode.Parse(json, documentOptions: JsonText) as JsonObject ?? throw new JsonException("expected an object, { ... }.");
            RequireKnownNames(part, JsonNode.Parse(new RunConfig().ToJson())!.AsObject(), "");
            // First as it stands: then the message about a value out of place has its line.
            JsonSerializer.Deserialize<RunConfig>(json, Json);
            JsonObject whole = JsonNode.Parse((basis ?? new RunConfig()).ToJson())!.AsObject();
            Overlay(whole, part);
            return whole.Deserialize<RunConfig>(Json)!;
        }
        catch (JsonException fault)
        {
            throw new DataFormatException(source, $"not a configuration: {fault.Message}", fault);
        }
    }

    /// <summary>Checks the copy of this configuration that another file of the run has.</summary>
    /// <param name="path">The other file.</param>
    /// <param name="json">The copy.</param>
    /// <exception cref="DataFormatException">It is none; the message names the first value that differs.</exception>
    internal void RequireSame(string path, string json)
    {
        if (DifferenceFrom(FromJson(json, path)) is { } difference)
        {
            throw new DataFormatException(path, $"not of the run that config.json describes, or that one is damaged: {difference}");
        }
    }

    /// <summary>The first value that another configuration has otherwise, in words for people: "there 'training.epochs' is 20, here 60". Null if there is none.</summary>
    /// <param name="other">The other configuration, "here"; this one is "there".</param>
    public string? DifferenceFrom(RunConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Difference(JsonNode.Parse(ToJson()), JsonNode.Parse(other.ToJson()), "");
    }

    private static string? Difference(JsonNode? here, JsonNode? there, string path)
    {
        if (here is JsonObject mine && there is JsonObject other)
        {
            return mine.Select(member => member.Key).Union(other.Select(member => member.Key))
                .Select(name => Difference(mine[name], other[name], path.Length == 0 ? name : $"{path}.{name}"))
                .FirstOrDefault(difference => difference is not null);
        }
        return JsonNode.DeepEquals(here, there) ? null : $"there '{path}' is {here?.ToJsonString() ?? "null"}, here {there?.ToJsonString() ?? "null"}";
    }

    /// <summary>Says of a name that nobody knows which was meant, and of a value left null that it is needed; the serialiser says so in words for programmers.</summary>
    private static void RequireKnownNames(JsonObject part, JsonObject defaults, string path)
    {
        foreach ((string name, JsonNode? value) in part)
        {
            if (!defaults.TryGetPropertyValue(name, out JsonNode? usual))
            {
                string[] names = [.. defaults.Select(member => member.Key)];
                throw new JsonException($"there is no value '{path}{name}'.{Suggestion.DidYouMean(name, names)} There are {string.Join(", ", names.Select(other => path + other))}.");
            }
            if (value is null && usual is not null)
            {
                throw new JsonException($"'{path}{name}' is null; it needs a value, such as its default {usual.ToJsonString()}.");
            }
            if (value is JsonObject inner && usual is JsonObject known)
            {
                RequireKnownNames(inner, known, $"{path}{name}.");
            }
        }
    }

    /// <summary>Objects are merged member by member; anything else is replaced.</summary>
    private static void Overlay(JsonObject whole, JsonObject part)
    {
        foreach ((string name, JsonNode? value) in part)
        {
            if (value is JsonObject inner && whole[name] is JsonObject outer)
            {
                Overlay(outer, inner);
            }
            else
            {
                whole[name] = value?.DeepClone();
            }
        }
    }
}
