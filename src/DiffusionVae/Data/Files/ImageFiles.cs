namespace DiffusionVae.Data;

/// <summary>Reads files of images of one size.</summary>
internal static class ImageFiles
{
    /// <summary>Reads files.</summary>
    /// <param name="source">The folder or table that names them, for messages.</param>
    /// <param name="files">The files, at least one.</param>
    /// <param name="asGrey">Whether to make colours grey.</param>
    /// <returns>[count, height, width] if all are grey, else [count, 3, height, width]; float32.</returns>
    /// <exception cref="DataFormatException">
    /// A file is damaged or of another size; or all are alike.
    /// </exception>
    public static Tensor Read(string source, IReadOnlyList<string> files, bool asGrey)
    {
        List<Tensor> images = [];
        foreach (string file in files)
        {
            Tensor image = ImageFormats.Read(file);
            images.Add(asGrey ? Grey(image) : image);
            if (!image.shape.AsSpan(^2..).SequenceEqual(images[0].shape.AsSpan(^2..)))
            {
                throw new DataFormatException(
                    file, $"expected an image of {Size(images[0])} pixels, as the first of {source}, found {Size(image)}");
            }
        }
        bool inColour = images.Exists(image => image.dim() == 3);
        return torch.stack([.. images.Select(image => inColour && image.dim() == 2 ? image.expand(3, -1, -1) : image)]);
    }

    /// <summary>The luma of Rec. ITU-R BT.601.</summary>
    private static Tensor Grey(Tensor image)
    {
        if (image.dim() == 2)
        {
            return image;
        }
        using Tensor weights = torch.tensor([0.299f, 0.587f, 0.114f]);
        return (image * weights.view(3, 1, 1)).sum([0]);
    }

    private static string Size(Tensor image) => Invariant($"{image.shape[^2]} by {image.shape[^1]}");
}
