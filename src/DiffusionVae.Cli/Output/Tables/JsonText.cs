using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Output;

/// <summary>Results for other programs to read.</summary>
internal static class JsonText
{
    // Names such as sphere:2*torus:1 are for people too; nothing of this ends up in a web page.
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new NumberOrNull() } };

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
            throw new DataFormatException(source, JsonFault.Describe(fault, typeof(T)), fault);
        }
    }

    /// <summary>JSON has no infinities and no NaN: what is undefined is null.</summary>
    private sealed class NumberOrNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
