using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionVae.Data;

namespace DiffusionVae.Cli.Output;

/// <summary>Results for other programs to read.</summary>
internal static class JsonText
{
    // Names such as sphere:2*torus:1 are for people too; nothing of this ends up in a web page.
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads what was written so.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="DataFormatException">It is something else.</exception>
    public static T Parse<T>(string text, string source)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("expected an object, { ... }.");
        }
        catch (JsonException fault)
        {
            throw new DataFormatException(source, fault.Message, fault);
        }
    }
}
