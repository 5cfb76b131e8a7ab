using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// The training images in batches, on the device and binarised if so chosen: in another order in each epoch,
/// or, of a family of images, drawn anew for each batch.
/// </summary>
internal sealed class Batches : IDisposable
{
    private const int RenderedAtOnce = 1024;

    private readonly TrainingOptions options;
    private readonly ImageSet images;
    private readonly Func<Tensor, Tensor> encoderInput;
    private readonly Generator order;
    private readonly Generator pixels;
    private readonly Generator factors;

    public Batches(
        ImageSet images, TrainingOptions options, PixelLikelihood likelihood, Device device, Func<Tensor, Tensor>? encoderInput = null)
    {
        likelihood.RequireOutcomes(images.Pixels, images.Name);
        this.options = options;
        this.encoderInput = encoderInput ?? (batch => batch);
        pixels = Seeds.Generator(options.Seed, RandomPurpose.TrainPixels, device);
        order = Seeds.Generator(options.Seed, RandomPurpose.Shuffling);
        factors = Seeds.Generator(options.Seed, RandomPurpose.Factors, device);
        this.images = options.Binarisation == Binarisation.Static ? images.Binarised(pixels) : images.To(device);
    }

    /// <summary>The number of batches in an epoch; the last may be smaller.</summary>
    public long PerEpoch => options.Repeats * PerPass;

    private long PerPass => (images.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>How many numbers an image has.</summary>
    public int Width => images.PixelCount;

    /// <summary>Registers what decides the batches to come.</summary>
    public void AddTo(TrainingState state)
    {
        state.AddPerEpoch("generator.order", order);
        state.Add("generator.pixels", pixels);
        state.Add("generator.factors", factors);
    }

    /// <summary>
    /// The batches of one epoch, [batch, pixels] each; a batch is freed when the next is asked for.
    /// </summary>
    /// <param name="done">The number of batches to leave out: they were used before training was
    /// interrupted.</param>
    public IEnumerable<Tensor> Epoch(long done = 0) =>
        Enumerable.Range(0, options.Repeats).SelectMany(pass => Pass(Math.Max(0, done - (pass * PerPass))));

    /// <summary>
    /// Some of the images, or others of their family, as the encoder sees them, [count, pixels]; the batches
    /// to come stay as they are.
    /// </summary>
    /// <param name="most">The number of images at most.</param>
    /// <param name="generator">The source of the draws, on the device.</param>
    public Tensor Sample(int most, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        if (images.RenewedFrom is { } family)
        {
            Tensor points = family.Manifold.SampleUniform(most, generator);
            Tensor rendered = torch.cat([.. points.split(RenderedAtOnce).Select(family.Render)]);
            return encoderInput(rendered).MoveToOuterDisposeScope();
        }
        Tensor permutation = torch.randperm(images.Count, device: generator.device, generator: generator);
        Tensor some = images.Pixels.index_select(0, permutation.narrow(0, 0, Math.Min(most, images.Count)));
        return encoderInput(some).MoveToOuterDisposeScope();
    }

    private IEnumerable<Tensor> Pass(long done)
    {
        long first = done * options.BatchSize;
        return images.RenewedFrom is { } family ? Renewed(family, first) : Shuffled(first);
    }

    private IEnumerable<Tensor> Renewed(ImageFamily family, long first)
    {
        for (long start = first; start < images.Count; start += options.BatchSize)
        {
            using Tensor batch =
                Workers.Alone(() => Draw(family, Math.Min(options.BatchSize, images.Count - start))).DetachFromDisposeScope();
            yield return batch;
        }
    }

    private IEnumerable<Tensor> Shuffled(long first)
    {
        using Tensor permutation = torch.randperm(images.Count, generator: order).DetachFromDisposeScope();
        using Tensor indices = permutation.to(images.Pixels.device).DetachFromDisposeScope();
        for (long start = first; start < images.Count; start += options.BatchSize)
        {
            using Tensor batch =
                Workers.Alone(() => Gather(indices, start, Math.Min(options.BatchSize, images.Count - start))).DetachFromDisposeScope();
            yield return batch;
        }
    }

    private Tensor Gather(Tensor indices, long start, long count)
    {
        using var scope = torch.NewDisposeScope();
        Tensor batch = images.Pixels.index_select(0, indices.narrow(0, start, count));
        return (options.Binarisation == Binarisation.Dynamic ? ImageSet.Binarised(batch, pixels) : batch).MoveToOuterDisposeScope();
    }

    private Tensor Draw(ImageFamily family, long count)
    {
        using var scope = torch.NewDisposeScope();
        Tensor batch = family.Render(family.Manifold.SampleUniform(count, factors));
        // These images are never seen again: static and dynamic binarisation are the same.
        return (options.Binarisation == Binarisation.None ? batch : ImageSet.Binarised(batch, pixels)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        images.Dispose();
        order.Dispose();
        factors.Dispose();
        pixels.Dispose();
    }
}
