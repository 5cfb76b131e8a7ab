using DiffusionVae.Data;

namespace DiffusionVae.Cli.Report;

/// <summary>The colours of images in a page, and what they mean.</summary>
/// <param name="Colours">Red, green, blue, image by image.</param>
/// <param name="Labels">The label of each image as an index into the legend's entries; null without labels.</param>
/// <param name="Legend">As the page's legend.js reads it; null if all images have one colour.</param>
internal sealed record ImageColours(byte[] Colours, byte[]? Labels, object? Legend)
{
    private static readonly uint[] Palette = [0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd, 0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22, 0x17becf];

    public static ImageColours Of(ImageSet images, int count)
    {
        if (images.Labels is null)
        {
            return new ImageColours([.. Enumerable.Range(0, count).SelectMany(_ => Bytes(0))], null, null);
        }
        long[] labels = images.Labels.narrow(0, 0, count).data<long>().ToArray();
        long[] distinct = [.. labels.Distinct().Order()];
        byte[] indices = [.. labels.Select(label => (byte)Array.IndexOf(distinct, label))];
        return new ImageColours(
            [.. indices.SelectMany(index => Bytes(index))],
            indices,
            new { Title = "label", Entries = distinct.Select((label, i) => new { Name = FormattableString.Invariant($"{label}"), Colour = $"rgb({string.Join(' ', Bytes(i))})" }) });
    }

    private static byte[] Bytes(int i) => [(byte)(Palette[i % 10] >> 16), (byte)(Palette[i % 10] >> 8), (byte)Palette[i % 10]];
}
