using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>A decoder that runs in the page: <c>decoder.js</c> reads it.</summary>
internal sealed class PageDecoder
{
    /// <summary>Numbers of a network that a page holds at most: 16 MB.</summary>
    private const long MostNumbers = 1 << 23;

    private PageDecoder(IReadOnlyList<int> widths, string mean, bool averagesAntipodes, IReadOnlyList<Part> manifolds) =>
        (Widths, Mean, AveragesAntipodes, Manifolds) = (widths, mean, averagesAntipodes, manifolds);

    /// <summary>The widths of the perceptron: its input, hidden layers and output.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>The mean of an output: <c>identity</c>, <c>sigmoid</c> or <c>exp</c>.</summary>
    public string Mean { get; }

    /// <summary>See <see cref="DiffusionAutoencoder.AveragesAntipodes"/>.</summary>
    public bool AveragesAntipodes { get; }

    /// <summary>The manifolds of the latent space.</summary>
    public IReadOnlyList<Part> Manifolds { get; }

    /// <summary>Describes the decoder of a model and puts its weights into the arrays of the page.</summary>
    /// <returns>
    /// Null where the page cannot compute it: the network is no perceptron, say. Nothing is added to the
    /// arrays then.
    /// </returns>
    public static PageDecoder? Create(DiffusionAutoencoder model, PageArrays arrays)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        IReadOnlyList<IManifold> manifolds = model.Latent.Manifolds;
        FeatureForms?[] forms = [.. manifolds.Select(FeatureForms.Of)];
        if (model.Decoder is not Mlp network || forms.Contains(null) || !HasFeaturesOfManifolds(model) || !manifolds.All(HasPlainAntipode))
        {
            return null;
        }
        if (Weights(network, model.Standardisation) is not var (weights, widths) || MeanOf(model.Likelihood, widths[^1]) is not { } mean)
        {
            return null;
        }
        arrays.Add("weights", weights);
        for (int i = 0; i < forms.Length; i++)
        {
            arrays.Add(Invariant($"forms{i}"), forms[i]!.Matrices);
        }
        return new PageDecoder(
            widths,
            mean,
            model.AveragesAntipodes,
            [.. manifolds.Zip(forms, (manifold, form) => Part.Create(manifold, form!))]);
    }

    /// <summary>
    /// The numbers of a perceptron, weights and biases layer by layer, and its widths. Its last layer also
    /// undoes the standardisation. Null where the numbers are too large for half precision, or too many.
    /// </summary>
    private static (Half[] Numbers, int[] Widths)? Weights(Mlp network, Standardisation? standardisation)
    {
        Tensor[] parameters = [.. network.parameters().Select(parameter => parameter.detach().to(ScalarType.Float32, CPU).contiguous())];
        if (standardisation is not null)
        {
            Tensor centre = standardisation.OutputCentre;
            // [outputs, hidden] and [outputs].
            (Tensor weight, Tensor bias) = (parameters[^2].to(centre.device), parameters[^1].to(centre.device));
            parameters[^1] = standardisation.Output(bias.unsqueeze(0)).squeeze(0).cpu().contiguous();
            parameters[^2] = (standardisation.Output(weight.t()) - centre).t().cpu().contiguous();
        }
        if (parameters.Sum(parameter => parameter.numel()) > MostNumbers
            || parameters.Any(parameter => parameter.abs().max().item<float>() > (float)Half.MaxValue))
        {
            return null;
        }
        IEnumerable<Tensor> biases = parameters.Where(parameter => parameter.dim() == 1);
        int[] widths = [(int)parameters[0].size(1), .. biases.Select(bias => (int)bias.size(0))];
        return ([.. parameters.SelectMany(parameter => parameter.data<float>().ToArray()).Select(value => (Half)value)], widths);
    }

    /// <summary>
    /// Which of the functions that the page knows a likelihood's mean is; null if it is none of them.
    /// </summary>
    private static string? MeanOf(PixelLikelihood likelihood, int pixels)
    {
        Tensor outputs = linspace(-4, 4, 33).unsqueeze(1).expand(-1, pixels).contiguous();
        Tensor means = likelihood.Mean(outputs).to(ScalarType.Float32).cpu();
        bool Is(Tensor other) => (means - other).abs().max().item<float>() < 1e-6f;
        return Is(outputs) ? "identity" : Is(outputs.sigmoid()) ? "sigmoid" : Is(outputs.exp()) ? "exp" : null;
    }

    private static bool HasFeaturesOfManifolds(DiffusionAutoencoder model)
    {
        if (model.AveragesAntipodes)
        {
            return true;
        }
        using var generator = new Generator(0);
        Tensor points = model.Latent.Project(randn([16, model.Latent.AmbientDimension], generator: generator));
        Tensor[] parts = points.split([.. model.Latent.Manifolds.Select(manifold => (long)manifold.AmbientDimension)], -1);
        Tensor features = cat([.. model.Latent.Manifolds.Zip(parts, (manifold, part) => manifold.Features(part))], -1);
        Tensor all = model.Latent.Features(points);
        return features.shape.SequenceEqual(all.shape) && (features - all).abs().max().item<float>() < 1e-5f;
    }

    /// <summary>Whether the antipode of p is -p, where there are antipodes.</summary>
    private static bool HasPlainAntipode(IManifold manifold)
    {
        if (manifold is not IAntipodalManifold antipodal)
        {
            return true;
        }
        using var generator = new Generator(0);
        Tensor points = manifold.Project(randn([16, manifold.AmbientDimension], generator: generator));
        return (antipodal.Antipode(points) + points).abs().max().item<float>() < 1e-5f;
    }

    /// <param name="Width">The number of coordinates.</param>
    /// <param name="Antipodal">Whether p and -p stand for the same point.</param>
    /// <param name="Features">
    /// The number of quadratic forms that the decoder sees; 0 where it sees the point.
    /// </param>
    internal sealed record Part(int Width, bool Antipodal, int Features)
    {
        public static Part Create(IManifold manifold, FeatureForms forms) =>
            new(manifold.AmbientDimension, manifold is IAntipodalManifold, forms.Count);
    }
}
