using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Images to measure on, on the device, as zeros and ones if so chosen: the same pixels and the same samples every time.</summary>
internal sealed class MeasuredImages : IDisposable
{
    private readonly ImageSet images;
    private readonly long seed;
    private readonly Device device;

    public MeasuredImages(ImageSet images, TrainingOptions options, PixelLikelihood likelihood, Device device)
    {
        images.RequireOutcomesOf(likelihood);
        (seed, this.device) = (options.Seed, device);
        using Generator pixels = Seeds.Generator(seed, SeedUse.TestPixels, device);
        this.images = options.Binarisation == Binarisation.None ? images.To(device) : images.Binarised(pixels);
    }

    /// <summary>Measures a model, which is on the same device.</summary>
    public Elbo Judge(DiffusionAutoencoder model)
    {
        using Generator samples = Seeds.Generator(seed, SeedUse.Evaluation, device);
        return Elbo.Measure(model, images, samples);
    }

    public void Dispose() => images.Dispose();
}
