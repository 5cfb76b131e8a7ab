using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>
/// The options of synthetic images, from the arguments of their ids:
/// <c>fourier:4,0.5,seed=3,size=32,images=5000,fixed</c>.
/// </summary>
internal sealed record SyntheticOptions
{
    private const int MostPixelsOfASide = 1024;

    /// <summary>The options as they are written, for messages.</summary>
    public const string Usage = "seed=0,size=PIXELS,images=5000,test=1000,fixed";

    /// <summary>The arguments without a key, in their order.</summary>
    public IReadOnlyList<string> Positional { get; private init; } = [];

    /// <summary>The seed of the picture and of the images.</summary>
    public long Seed { get; private init; }

    /// <summary>The number of rows and of columns.</summary>
    public int Size { get; private init; }

    /// <summary>The number of training images of an epoch.</summary>
    public int Images { get; private init; } = 5000;

    /// <summary>The number of test images.</summary>
    public int Test { get; private init; } = 1000;

    /// <summary>Whether every epoch uses the same images instead of new ones.</summary>
    public bool Fixed { get; private init; }

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">The text after the colon; null if there is no colon.</param>
    /// <param name="size">The default size.</param>
    /// <exception cref="FormatException">An argument is wrong. The message names it and says what is
    /// expected.</exception>
    public static SyntheticOptions Parse(string? arguments, int size)
    {
        var options = new SyntheticOptions { Size = size };
        foreach (string argument in arguments?.Split(',') ?? [])
        {
            string[] parts = argument.Split('=', 2);
            options = parts switch
            {
                ["seed", var value] => options with { Seed = Whole(argument, value, 0, long.MaxValue) },
                ["size", var value] => options with { Size = (int)Whole(argument, value, 4, MostPixelsOfASide) },
                ["images", var value] => options with { Images = (int)Whole(argument, value, 1, int.MaxValue) },
                ["test", var value] => options with { Test = (int)Whole(argument, value, 1, int.MaxValue) },
                ["fixed"] => options with { Fixed = true },
                [var value] when value.Length > 0 => options with { Positional = [.. options.Positional, value] },
                _ => throw new FormatException($"'{argument}' is not one of {Usage}"),
            };
        }
        return options;
    }

    /// <summary>Draws the training and test images of a family from one generator.</summary>
    public ImageData Draw(string name, ImageFamily family, Generator generator)
    {
        ImageSet test = family.Sample($"{name} test", Test, generator);
        try
        {
            return new ImageData(name, family.Sample($"{name} train", Images, generator, renewed: !Fixed), test, family);
        }
        catch
        {
            test.Dispose();
            throw;
        }
    }

    private static long Whole(string argument, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw new FormatException(Invariant($"'{argument}' must be a whole number from {least} to {most}"));
}
