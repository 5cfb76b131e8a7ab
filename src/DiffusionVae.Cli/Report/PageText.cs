using System.Globalization;

namespace DiffusionVae.Cli.Report;

/// <summary>How things are written in a page.</summary>
internal static class PageText
{
    /// <summary>A file as an address that holds all of it.</summary>
    public static string Address(string mediaType, byte[] content) => $"data:{mediaType};base64,{Convert.ToBase64String(content)}";

    /// <summary>A number with a minus sign, not a hyphen.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
