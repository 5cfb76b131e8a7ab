using System.Runtime.CompilerServices;

namespace DiffusionVae;

/// <summary>Checks of arguments. Each check of a number returns the number that it has accepted.</summary>
internal static class Guard
{
    public static int AtLeast(int value, int least, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least ? value : throw Outside(name, value, Invariant($"at least {least}"));

    public static double PositiveFinite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw Outside(name, value, "positive and finite");

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw Outside(name, value, "finite");

    public static double Between(
        double value, double least, double most, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least && value <= most ? value : throw Outside(name, value, Invariant($"between {least} and {most}"));

    /// <summary>Throws one exception that lists all faults of some options, one a line.</summary>
    /// <exception cref="ArgumentException">There is a fault.</exception>
    public static void NoFaults(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, all));
        }
    }

    /// <summary>Checks that all numbers of a tensor lie in [0, 1].</summary>
    /// <param name="values">The numbers, float32.</param>
    /// <param name="name">The name of the images, for the message.</param>
    /// <param name="purpose">Why they must be probabilities, for the message.</param>
    /// <exception cref="ArgumentException">A number is not in [0, 1].</exception>
    public static void Probabilities(Tensor values, string name, string purpose)
    {
        using var scope = torch.NewDisposeScope();
        (double least, double greatest) = (values.min().item<float>(), values.max().item<float>());
        if (least < 0 || greatest > 1)
        {
            throw new ArgumentException(
                Invariant($"{name}: pixels lie between {least} and {greatest}; {purpose} they must lie in [0, 1]."));
        }
    }

    /// <summary>Checks that all numbers of a tensor are counts: 0, 1, 2 and so on.</summary>
    /// <param name="values">The numbers, float32.</param>
    /// <param name="name">The name of the observations, for the message.</param>
    /// <param name="decoder">The decoder that needs counts, for the message.</param>
    /// <exception cref="ArgumentException">A number is none.</exception>
    public static void Counts(Tensor values, string name, string decoder)
    {
        using var scope = torch.NewDisposeScope();
        Tensor wrong = values.lt(0).logical_or_(values.ne(values.round()));
        if (wrong.any().item<bool>())
        {
            float found = values.flatten()[wrong.flatten().to(ScalarType.Byte).argmax()].item<float>();
            throw new ArgumentException(Invariant(
                $"{name}: found {found}; the decoder '{decoder}' needs counts: 0, 1, 2 and so on. Other numbers need gaussian:learned."));
        }
    }

    private static ArgumentOutOfRangeException Outside(string? name, object value, string range) =>
        new(name, value, $"{name} must be {range}.");
}
