using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>The training images in batches, in a new order each epoch, on the device, as zeros and ones if so chosen.</summary>
internal sealed class Batches : IDisposable
{
    private readonly TrainingOptions options;
    private readonly ImageSet images;

    public Batches(ImageSet images, TrainingOptions options, PixelLikelihood likelihood, Device device)
    {
        images.RequireOutcomesOf(likelihood);
        this.options = options;
        Pixels = Seeds.Generator(options.Seed, SeedUse.TrainPixels, device);
        Order = Seeds.Generator(options.Seed, SeedUse.Shuffling);
        this.images = options.Binarisation == Binarisation.Static ? images.Binarised(Pixels) : images.To(device);
    }

    /// <summary>Draws the order of the images, once an epoch.</summary>
    public Generator Order { get; }

    /// <summary>Draws zeros and ones in place of grey pixels.</summary>
    public Generator Pixels { get; }

    public long PerEpoch => (images.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>The batches of one epoch, each to be used before the next is asked for.</summary>
    /// <param name="done">How many of them are left out, having been used before training was interrupted.</param>
    public IEnumerable<Tensor> Shuffled(long done = 0)
    {
        using Tensor permutation = torch.randperm(images.Count, generator: Order).DetachFromDisposeScope();
        using Tensor indices = permutation.to(images.Pixels.device).DetachFromDisposeScope();
        for (long start = done * options.BatchSize; start < images.Count; start += options.BatchSize)
        {
            using Tensor batch = Gather(indices, start, Math.Min(options.BatchSize, images.Count - start)).DetachFromDisposeScope();
            yield return batch;
        }
    }

    private Tensor Gather(Tensor indices, long start, long count)
    {
        using var scope = torch.NewDisposeScope();
        Tensor batch = images.Pixels.index_select(0, indices.narrow(0, start, count));
        return (options.Binarisation == Binarisation.Dynamic ? ImageSet.Binarised(batch, Pixels) : batch).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        images.Dispose();
        Order.Dispose();
        Pixels.Dispose();
    }
}
