using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DiffusionVae.Runs;

/// <summary>Says in words what is wrong with JSON: .NET names its types and counts lines from 0.</summary>
internal static partial class JsonFault
{
    /// <summary>What is wrong, and where.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="root">The type that was to be read.</param>
    public static string Describe(JsonException fault, Type root)
    {
        string where = fault.LineNumber is { } line ? Invariant($"line {line + 1}: ") : "";
        return fault.Message.Contains("could not be converted to", StringComparison.Ordinal) && fault.Path is { } path
            ? $"{where}'{path.TrimStart('$').TrimStart('.')}' needs {Wanted(TypeAt(root, path))}."
            : where + Position().Replace(fault.Message, "").Trim();
    }

    /// <summary>The type of a value, such as that at $.training.epochs.</summary>
    private static Type TypeAt(Type root, string path)
    {
        Type type = root;
        foreach (string name in path.TrimStart('$').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            PropertyInfo? property = type.GetProperties().FirstOrDefault(
                property => string.Equals(NameOf(property), name, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                // An entry of a list.
                return typeof(object);
            }
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }
        return type;
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;

    private static string Wanted(Type type) => type switch
    {
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text in quotes",
        _ when type.IsEnum => "one of " + string.Join(", ", type.GetEnumNames().Select(JsonNamingPolicy.CamelCase.ConvertName)),
        _ when type.Name.Contains("Dictionary", StringComparison.Ordinal) => "an object, { ... }",
        _ when typeof(IEnumerable).IsAssignableFrom(type) => "a list, [ ... ]",
        _ when type == typeof(object) => "another value",
        _ => "an object, { ... }",
    };

    [GeneratedRegex(@"( Path: \S+ \|)? ?LineNumber: \d+ \| BytePositionInLine: \d+\.")]
    private static partial Regex Position();
}
