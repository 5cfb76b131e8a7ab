namespace DiffusionVae.Data;

/// <summary>The shape of every observation of a data set: a vector of features, or an image.</summary>
/// <remarks>
/// <para>
/// In memory an observation is a row of <see cref="Size"/> numbers, whatever its shape. A grey image is
/// stored row by row, [height, width]. A colour image is three such images one after another, first all of
/// red, then green, then blue: [3, height, width], the order of libtorch's convolutions. A vector has its
/// features in the order of its columns.
/// </para>
/// <para>Two shapes are equal if their sizes are; names of features are not compared.</para>
/// </remarks>
public sealed class ObservationShape : IEquatable<ObservationShape>
{
    private ObservationShape(bool isImage, int channels, int height, int width)
    {
        if ((long)channels * height * width > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), Invariant($"An observation has {int.MaxValue} numbers at most, not {channels} x {height} x {width}."));
        }
        (IsImage, Channels, Height, Width) = (isImage, channels, height, width);
    }

    /// <summary>The shape of images.</summary>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Columns of pixels, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not one of these, or the image is too
    /// large.</exception>
    public static ObservationShape Image(int height, int width, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return channels is 1 or 3
            ? new ObservationShape(isImage: true, channels, height, width)
            : throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 channel (grey) or 3 (red, green, blue).");
    }

    /// <summary>The shape of vectors whose features have no names.</summary>
    /// <param name="features">The number of features, at least 1.</param>
    public static ObservationShape Vector(int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        return new ObservationShape(isImage: false, 1, 1, features);
    }

    /// <summary>The shape of vectors with named features, such as the columns of a table.</summary>
    /// <param name="featureNames">The name of each feature, at least one.</param>
    public static ObservationShape Vector(IReadOnlyList<string> featureNames)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureNames.Count, 1, nameof(featureNames));
        return new ObservationShape(isImage: false, 1, 1, featureNames.Count) { FeatureNames = [.. featureNames] };
    }

    /// <summary>Whether observations are images; otherwise they are vectors.</summary>
    public bool IsImage { get; }

    /// <summary>Whether observations are images in colour.</summary>
    public bool IsColour => Channels == 3;

    /// <summary>3 for images in colour, else 1.</summary>
    public int Channels { get; }

    /// <summary>Rows of pixels; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>Columns of pixels; the number of features for a vector.</summary>
    public int Width { get; }

    /// <summary>How many numbers an observation has: channels times height times width.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>The names of the features of a vector; empty if they have none.</summary>
    public IReadOnlyList<string> FeatureNames { get; private init; } = [];

    /// <summary>The sizes of the axes: [features], [height, width], or [3, height, width].</summary>
    internal long[] Axes => IsColour ? [Channels, Height, Width] : IsImage ? [Height, Width] : [Width];

    /// <summary>What observations are called.</summary>
    internal string Noun => IsImage ? "images" : "vectors";

    /// <summary>
    /// The shape that a tensor of observations has by itself: [count, features], [count, height, width], or
    /// [count, channels, height, width] with 1 or 3 channels.
    /// </summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    internal static ObservationShape Of(Tensor observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        return observations.shape switch
        {
            [_, > 0 and <= int.MaxValue and var features] => Vector((int)features),
            [_, > 0 and <= int.MaxValue and var height, > 0 and <= int.MaxValue and var width] => Image((int)height, (int)width),
            [_, 1 or 3, > 0 and <= int.MaxValue and var height, > 0 and <= int.MaxValue and var width] =>
                Image((int)height, (int)width, (int)observations.shape[1]),
            [_, _, _, 1 or 3] => throw Unknown(observations, "; permute(0, 3, 1, 2) puts the channels first"),
            _ => throw Unknown(observations, ""),
        };
    }

    private static ArgumentException Unknown(Tensor observations, string advice) => new(
        "expected observations of shape [count, features], [count, height, width] or [count, channels, height, width] with 1 or 3 "
        + $"channels, found [{string.Join(", ", observations.shape)}]{advice}", nameof(observations));

    /// <inheritdoc/>
    public bool Equals(ObservationShape? other) =>
        other is not null && (IsImage, Channels, Height, Width) == (other.IsImage, other.Channels, other.Height, other.Width);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ObservationShape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsImage, Channels, Height, Width);

    /// <summary>In words: "28 by 28 pixels", "32 by 32 pixels in colour", "50 features".</summary>
    public override string ToString() => !IsImage
        ? Invariant($"{Width} feature{(Width == 1 ? "" : "s")}")
        : Invariant($"{Height} by {Width} pixels{(IsColour ? " in colour" : "")}");
}
