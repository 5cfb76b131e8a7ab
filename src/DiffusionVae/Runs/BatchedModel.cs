using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>Encodes and decodes any number of images, a batch at a time. Results are on the CPU.</summary>
internal sealed class BatchedModel(DiffusionAutoencoder model, Device device)
{
    private const int EncodedBatch = 1000;
    private const int DecodedBatch = 500;

    /// <summary>The posteriors of images.</summary>
    /// <param name="images">[images, pixels].</param>
    public EncodedImages Encode(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        EncodedImages[] batches = [.. images.split(EncodedBatch).Select(EncodeBatch)];
        return new EncodedImages
        {
            Mean = torch.cat([.. batches.Select(batch => batch.Mean)], 0).MoveToOuterDisposeScope(),
            LogTime = torch.cat([.. batches.Select(batch => batch.LogTime)], 0).MoveToOuterDisposeScope(),
            Divergence = torch.cat([.. batches.Select(batch => batch.Divergence)], 0).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>The mean images of points. Each image is the same however many points there are.</summary>
    /// <param name="points">[points, n]; the nearest points of the manifold are taken.</param>
    /// <returns>[points, pixels].</returns>
    public Tensor Decode(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return torch.cat([.. points.split(DecodedBatch).Select(DecodeBatch)], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The mean images of a sequence of points, made as they are asked for.</summary>
    /// <param name="points">The coordinates of each.</param>
    public IEnumerable<float[]> Decode(IEnumerable<float[]> points) => points.Chunk(DecodedBatch).SelectMany(batch =>
    {
        using var scope = torch.NewDisposeScope();
        return Rows(Decode(torch.tensor([.. batch.SelectMany(point => point)], [batch.Length, model.Latent.AmbientDimension])));
    });

    /// <summary>Points drawn from the prior, without end. The first of them are the same however many are
    /// taken.</summary>
    /// <param name="seed">Decides the draws.</param>
    public IEnumerable<float[]> SamplePrior(long seed)
    {
        using Generator generator = Seeds.Generator(seed, RandomPurpose.Prior);
        while (true)
        {
            foreach (float[] point in Draw(generator))
            {
                yield return point;
            }
        }
    }

    private EncodedImages EncodeBatch(Tensor images)
    {
        Posterior posterior = model.Encode(images.to(device));
        return new EncodedImages
        {
            Mean = posterior.Mean.cpu(), LogTime = posterior.LogTime.cpu(), Divergence = model.Latent.Divergence(posterior).cpu(),
        };
    }

    private Tensor DecodeBatch(Tensor points)
    {
        long count = points.size(0);
        Tensor batch = points.to(ScalarType.Float32, device);
        if (count < DecodedBatch)
        {
            // Always a whole batch: the last digits of a product may depend on its number of rows.
            batch = torch.cat([batch, batch[..1].expand(DecodedBatch - count, -1)], 0);
        }
        return model.Decode(model.Latent.Project(batch))[..(int)count].cpu();
    }

    private float[][] Draw(Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return Rows(model.Latent.SamplePrior(DecodedBatch, generator));
    }

    private static float[][] Rows(Tensor tensor) => [.. tensor.contiguous().data<float>().ToArray().Chunk((int)tensor.size(-1))];
}
