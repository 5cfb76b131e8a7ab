using System.Text.Encodings.Web;
using System.Text.Json;

namespace DiffusionVae.Cli.Output;

/// <summary>Results for other programs to read.</summary>
internal static class JsonText
{
    // Names such as sphere:2*torus:1 are for people too; nothing of this ends up in a web page.
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);
}
