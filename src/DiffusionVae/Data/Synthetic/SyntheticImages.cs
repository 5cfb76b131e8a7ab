using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>Creates the synthetic data sets from the arguments of their ids.</summary>
internal static class SyntheticImages
{
    private const int PictureSize = 64;
    private const int SolidSize = 32;

    private static readonly Dictionary<string, Func<int, Generator, Solid>> Solids = new()
    {
        ["solid"] = (size, _) => Solid.WithoutSymmetry(size),
        ["revolution"] = (size, _) => Solid.OfRevolution(size),
        ["rod"] = (size, _) => Solid.Rod(size),
        ["random"] = Solid.Random,
    };

    /// <summary>
    /// All translations of a periodic picture: the simple one, or a random one if the arguments are N,γ.
    /// </summary>
    public static Func<ImageData> Pictures(string name, string? arguments, bool acrossOnly)
    {
        SyntheticOptions options = SyntheticOptions.Parse(arguments, PictureSize);
        (int Frequencies, double Discount)? random = options.Positional switch
        {
            [] => null,
            [var frequencies, var discount] => (Frequencies(frequencies, options.Size), Discount(discount)),
            _ => throw new FormatException($"data '{name}' takes N,gamma and {SyntheticOptions.Usage}; found '{arguments}'"),
        };
        return () =>
        {
            using var generator = new Generator((ulong)options.Seed);
            PeriodicPicture picture = random is { } spectrum
                ? PeriodicPicture.Random(spectrum.Frequencies, spectrum.Discount, options.Size, generator, acrossOnly)
                : PeriodicPicture.Simple(options.Size, acrossOnly);
            return options.Draw(Name(name, arguments), picture, generator);
        };
    }

    /// <summary>A solid in every rotation.</summary>
    public static Func<ImageData> Rotations(string name, string? arguments)
    {
        SyntheticOptions options = SyntheticOptions.Parse(arguments, SolidSize);
        Func<int, Generator, Solid> solid = options.Positional switch
        {
            [] => Solids["solid"],
            [var kind] when Solids.TryGetValue(kind, out Func<int, Generator, Solid>? found) => found,
            _ => throw new FormatException(
                $"data '{name}' takes one of {string.Join(", ", Solids.Keys)} and {SyntheticOptions.Usage}; found '{arguments}'"),
        };
        return () =>
        {
            using var generator = new Generator((ulong)options.Seed);
            return options.Draw(Name(name, arguments), solid(options.Size, generator), generator);
        };
    }

    /// <summary>A random solid on a turntable.</summary>
    public static Func<ImageData> Turntable(string name, string? arguments)
    {
        const int greatestOrder = 100;
        SyntheticOptions options = SyntheticOptions.Parse(arguments, SolidSize);
        int order = options.Positional switch
        {
            [] => 1,
            [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number is >= 1 and <= greatestOrder => number,
            _ => throw new FormatException(Invariant(
                $"data '{name}' takes an order from 1 to {greatestOrder} and {SyntheticOptions.Usage}; found '{arguments}'")),
        };
        return () =>
        {
            using var generator = new Generator((ulong)options.Seed);
            return options.Draw(Name(name, arguments), Solid.OnTurntable(order, options.Size, generator), generator);
        };
    }

    private static string Name(string name, string? arguments) => arguments is null ? name : $"{name}:{arguments}";

    private static int Frequencies(string text, int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && 2 * number < size
            ? number
            : throw new FormatException(Invariant(
                $"N is '{text}'; it must be a whole number from 1 to {(size - 1) / 2}, less than half the {size} pixels of a side"));

    private static double Discount(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and <= 1
            ? number
            : throw new FormatException($"gamma is '{text}'; it must be above 0 and at most 1");
}
