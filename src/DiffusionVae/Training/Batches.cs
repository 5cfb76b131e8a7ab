using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>The training images in batches, in a new order each epoch, on the device, as zeros and ones if so chosen.</summary>
internal sealed class Batches : IDisposable
{
    private readonly TrainingOptions options;
    private readonly ImageSet images;
    private readonly Generator order;
    private readonly Generator pixels;

    public Batches(ImageSet images, TrainingOptions options, PixelLikelihood likelihood, Device device)
    {
        images.RequireOutcomesOf(likelihood);
        this.options = options;
        pixels = Seeds.Generator(options.Seed, SeedUse.TrainPixels, device);
        order = Seeds.Generator(options.Seed, SeedUse.Shuffling);
        this.images = options.Binarisation == Binarisation.Static ? images.Binarised(pixels) : images.To(device);
    }

    public long PerEpoch => (images.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>The batches of one epoch, each to be used before the next is asked for.</summary>
    public IEnumerable<Tensor> Shuffled()
    {
        using Tensor permutation = torch.randperm(images.Count, generator: order).DetachFromDisposeScope();
        using Tensor indices = permutation.to(images.Pixels.device).DetachFromDisposeScope();
        for (long start = 0; start < images.Count; start += options.BatchSize)
        {
            using Tensor batch = Gather(indices, start, Math.Min(options.BatchSize, images.Count - start)).DetachFromDisposeScope();
            yield return batch;
        }
    }

    private Tensor Gather(Tensor indices, long start, long count)
    {
        using var scope = torch.NewDisposeScope();
        Tensor batch = images.Pixels.index_select(0, indices.narrow(0, start, count));
        return (options.Binarisation == Binarisation.Dynamic ? ImageSet.Binarised(batch, pixels) : batch).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        images.Dispose();
        order.Dispose();
        pixels.Dispose();
    }
}
