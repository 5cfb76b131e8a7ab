using System.Globalization;
using System.Runtime.CompilerServices;

namespace DiffusionVae.HeatKernels;

/// <summary>Guards for the arguments of this folder. Each returns the value it has let pass.</summary>
internal static class Require
{
    public static int AtLeast(int value, int least, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least ? value : throw Outside(name, value, string.Create(CultureInfo.InvariantCulture, $"at least {least}"));

    public static double PositiveFinite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw Outside(name, value, "positive and finite");

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw Outside(name, value, "finite");

    public static double Between(double value, double least, double most, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least && value <= most
            ? value
            : throw Outside(name, value, string.Create(CultureInfo.InvariantCulture, $"between {least} and {most}"));

    private static ArgumentOutOfRangeException Outside(string? name, IFormattable value, string range) =>
        new(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {range}."));
}
