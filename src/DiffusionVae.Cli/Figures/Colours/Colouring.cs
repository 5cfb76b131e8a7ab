using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>The colour of each point of a map, and the legend that explains it.</summary>
/// <param name="What">What colours mean, such as <c>label</c>.</param>
/// <param name="Colours">One for each point.</param>
/// <param name="Legend">Null where there is nothing to explain.</param>
internal sealed record Colouring(string What, IReadOnlyList<SKColor> Colours, Panel? Legend)
{
    private static readonly SKColor Plain = new(0x3f, 0x90, 0xda);

    /// <summary>
    /// By true factors where their manifold has colours, otherwise by label, otherwise one colour for all.
    /// </summary>
    public static IReadOnlyList<Colouring> Of(ImageSet images)
    {
        Colouring[] byFactor = images.Factors is { } factors
            ? [.. FactorColours.On(factors.Manifold).Select(colours => By(factors, colours))]
            : [];
        if (byFactor.Length > 0)
        {
            return byFactor;
        }
        if (images.Labels is { } tensor)
        {
            long[] labels = tensor.cpu().data<long>().ToArray();
            var legend = new LabelLegend([.. labels.Distinct().Order()], images.NameOf);
            return [new Colouring("label", [.. labels.Select(LabelColours.Of)], legend)];
        }
        return [new Colouring("", [.. Enumerable.Repeat(Plain, (int)images.Count)], null)];
    }

    private static Colouring By(GenerativeFactors factors, FactorColours colours)
    {
        string what = colours.Aspect ?? $"true {(factors.Names.Count == 1 ? factors.Names[0] : "factors")}";
        SKColor[] ofPoints = [.. colours.Of(factors.Points).Select(colour => colour.ToColour())];
        return new Colouring(what, ofPoints, new ColourWheel(colours, factors.Names));
    }
}
