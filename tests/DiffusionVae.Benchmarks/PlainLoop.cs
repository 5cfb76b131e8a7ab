using DiffusionVae.Data;
using DiffusionVae.Manifolds;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// The same model trained as one would write it first in TorchSharp: modules, stock Adam, the paper's walk
/// and divergence operation by operation, nothing tuned. The baseline of the benchmarks; it uses nothing of
/// the library but the numbers that describe a manifold.
/// </summary>
internal sealed class PlainLoop : IDisposable
{
    private readonly IClosedManifold manifold;
    private readonly int walkSteps;
    private readonly Sequential encoder;
    private readonly Sequential decoder;
    private readonly Adam optimiser;
    private readonly Tensor images;
    private readonly int batch;
    private Tensor order;
    private long next;

    public PlainLoop(string manifold, ImageSet images, int batch, int walkSteps = 10, double learningRate = 1e-3)
    {
        this.manifold = (IClosedManifold)ManifoldCatalogue.Parse(manifold);
        (this.images, this.batch, this.walkSteps) = (images.Pixels, batch, walkSteps);
        int n = this.manifold.AmbientDimension;
        encoder = Perceptron(images.PixelCount, [512, 512, 512], n + 1);
        decoder = Perceptron(this.manifold is ProjectiveSpace ? n * n : n, [512, 512], images.PixelCount);
        optimiser = optim.Adam(encoder.parameters().Concat(decoder.parameters()), learningRate);
        order = randperm(images.Count);
    }

    /// <summary>Whether the loop knows how to project onto a manifold.</summary>
    public static bool Knows(string manifold) =>
        !manifold.Contains('*', StringComparison.Ordinal) && ManifoldCatalogue.Parse(manifold) is Sphere or FlatTorus or ProjectiveSpace;

    public int StepsPerEpoch => (int)((images.size(0) + batch - 1) / batch);

    /// <summary>One step.</summary>
    /// <returns>The mean ELBO of its batch.</returns>
    public double Step()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = NextBatch();
        foreach (Parameter parameter in encoder.parameters().Concat(decoder.parameters()))
        {
            // Not the optimiser's own way, which leaks the gradients.
            parameter.grad?.zero_();
        }
        Tensor loss = -Elbo(x).mean();
        loss.backward();
        optimiser.step();
        return -loss.item<float>();
    }

    /// <summary>The mean ELBO on other images, from one sample each.</summary>
    public double Measure(ImageSet test)
    {
        using var frozen = no_grad();
        double sum = 0;
        for (long start = 0; start < test.Count; start += 1000)
        {
            using DisposeScope scope = NewDisposeScope();
            sum += Elbo(test.Pixels.narrow(0, start, Math.Min(1000, test.Count - start))).sum().item<float>();
        }
        return sum / test.Count;
    }

    public void Dispose()
    {
        optimiser.Dispose();
        encoder.Dispose();
        decoder.Dispose();
        order.Dispose();
    }

    private Tensor NextBatch()
    {
        if (next >= images.size(0))
        {
            order.Dispose();
            (order, next) = (randperm(images.size(0)).DetachFromDisposeScope(), 0);
        }
        Tensor chosen = images.index_select(0, order.narrow(0, next, Math.Min(batch, images.size(0) - next)));
        next += batch;
        return chosen;
    }

    private Tensor Elbo(Tensor x)
    {
        int d = manifold.Dimension, n = manifold.AmbientDimension;
        Tensor output = encoder.forward(x);
        Tensor mean = Project(output.narrow(1, 0, n));
        // Between -8.75 and -3.75, as in the authors' code.
        Tensor logTime = (output.narrow(1, n, 1).tanh() * 2.5) - 6.25;
        Tensor time = logTime.exp(), z = mean;
        for (int i = 0; i < walkSteps; i++)
        {
            z = Project(z + (randn_like(z) * (time / walkSteps).sqrt()));
        }
        Tensor divergence = (logTime * (-d / 2.0)) - (d / 2.0 * Math.Log(2 * Math.PI)) - (d / 2.0) + manifold.LogVolume
            + (manifold.ScalarCurvature(mean) * time / 4);
        Tensor error = (x - decoder.forward(Features(z))).pow(2).sum(1);
        return (error * -0.5) - (x.size(1) / 2.0 * Math.Log(2 * Math.PI)) - divergence.squeeze(1);
    }

    private Tensor Project(Tensor x)
    {
        if (manifold is not FlatTorus torus)
        {
            return x / x.norm(1, keepdim: true);
        }
        Tensor pairs = x.view(x.size(0), torus.Dimension, 2);
        return (pairs / pairs.norm(2, keepdim: true)).view(x.size(0), 2 * torus.Dimension);
    }

    private Tensor Features(Tensor z) => manifold is ProjectiveSpace ? (z.unsqueeze(2) * z.unsqueeze(1)).flatten(1) : z;

    private static Sequential Perceptron(int inputs, int[] hidden, int outputs)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        foreach (int width in hidden)
        {
            layers.Add(($"linear{layers.Count}", nn.Linear(inputs, width)));
            layers.Add(($"relu{layers.Count}", nn.ReLU()));
            inputs = width;
        }
        layers.Add(("output", nn.Linear(inputs, outputs)));
        return nn.Sequential(layers);
    }
}
