using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>Writes, reads and compares configurations as JSON. Messages name the value that is wrong and the
/// nearest known name.</summary>
internal static class RunConfigJson
{
    private static readonly JsonSerializerOptions Options = new()
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

    private static readonly JsonDocumentOptions Text =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    public static string Write(RunConfig config) => JsonSerializer.Serialize(config, Options);

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The origin of the text, for messages.</param>
    /// <param name="basis">The values that hold where the text gives none.</param>
    /// <exception cref="DataFormatException">The text is not a configuration; the message says
    /// where.</exception>
    public static RunConfig Read(string json, string source, RunConfig basis)
    {
        try
        {
            JsonObject part = JsonNode.Parse(json, documentOptions: Text) as JsonObject
                ?? throw new JsonException("expected an object, { ... }.");
            RequireKnownNames(part, ToObject(new RunConfig { HasUserModel = true }), "");
            // The text alone first: a message about a value out of place then has the line of the text.
            JsonSerializer.Deserialize<RunConfig>(json, Options);
            JsonObject whole = ToObject(basis);
            Overlay(whole, part);
            return whole.Deserialize<RunConfig>(Options)!;
        }
        catch (JsonException fault)
        {
            throw new DataFormatException(source, $"not a configuration: {JsonFault.Describe(fault, typeof(RunConfig))}", fault);
        }
    }

    /// <summary>The first value that differs between two configurations, in words; null if there is
    /// none.</summary>
    public static string? Difference(RunConfig there, RunConfig here) => Difference(ToObject(there), ToObject(here), "");

    private static string? Difference(JsonNode? there, JsonNode? here, string path)
    {
        if (there is JsonObject theirs && here is JsonObject ours)
        {
            return theirs.Select(member => member.Key).Union(ours.Select(member => member.Key))
                .Select(name => Difference(theirs[name], ours[name], path.Length == 0 ? name : $"{path}.{name}"))
                .FirstOrDefault(difference => difference is not null);
        }
        return JsonNode.DeepEquals(there, here)
            ? null
            : $"there '{path}' is {there?.ToJsonString() ?? "null"}, here {here?.ToJsonString() ?? "null"}";
    }

    /// <summary>Explains an unknown property name with the nearest known one, and a null where a value is
    /// needed.</summary>
    private static void RequireKnownNames(JsonObject part, JsonObject defaults, string path)
    {
        foreach ((string name, JsonNode? value) in part)
        {
            if (!defaults.TryGetPropertyValue(name, out JsonNode? usual))
            {
                string[] names = [.. defaults.Select(member => member.Key)];
                throw new JsonException(
                    $"there is no value '{path}{name}'.{Suggestion.DidYouMean(name, names)} "
                    + $"There are {string.Join(", ", names.Select(other => path + other))}.");
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

    /// <summary>Merges objects member by member; replaces any other value.</summary>
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

    private static JsonObject ToObject(RunConfig config) => JsonNode.Parse(Write(config))!.AsObject();
}
