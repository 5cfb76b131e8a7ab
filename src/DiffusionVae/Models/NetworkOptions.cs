namespace DiffusionVae.Models;

/// <summary>
/// Options of the perceptrons and the likelihood; the defaults are the paper's (section 4).
/// </summary>
public sealed record NetworkOptions
{
    /// <summary>The paper's distribution: Gaussian of variance 1.</summary>
    internal const string PaperDecoder = "gaussian";

    /// <summary>Widths of the encoder's hidden layers; default 512, 512, 512.</summary>
    public IReadOnlyList<int> EncoderWidths { get; init; } = [512, 512, 512];

    /// <summary>Widths of the decoder's hidden layers; default 512, 512.</summary>
    public IReadOnlyList<int> DecoderWidths { get; init; } = [512, 512];

    /// <summary>
    /// The decoder's distribution, read by <see cref="PixelLikelihood.Parse"/>. By default (null) it is the
    /// one that suits the data, <c>ImageData.Likelihood</c>; without data it is <c>gaussian</c>, of variance
    /// 1.
    /// </summary>
    public string? Decoder { get; init; }

    /// <summary>
    /// How a decoder on RP^d is made even: false (default) feeds it the entries of p pᵀ, true averages its
    /// values at p and at -p (the paper's).
    /// </summary>
    public bool AverageAntipodes { get; init; }

    /// <summary>Everything that is wrong with these options; empty if they are fine.</summary>
    public IEnumerable<string> Faults()
    {
        (string Name, IReadOnlyList<int> Widths)[] networks =
            [(nameof(EncoderWidths), EncoderWidths), (nameof(DecoderWidths), DecoderWidths)];
        foreach ((string name, IReadOnlyList<int> widths) in networks)
        {
            if (widths.Any(width => width is < 1 or > 65536))
            {
                yield return $"{name} is {string.Join(",", widths)}; every width must lie between 1 and 65536.";
            }
        }
        string? fault = null;
        try
        {
            PixelLikelihood.Parse(Decoder ?? PaperDecoder, Data.ObservationShape.Vector(1));
        }
        catch (FormatException unknown)
        {
            fault = unknown.Message;
        }
        if (fault is not null)
        {
            yield return fault;
        }
    }
}
