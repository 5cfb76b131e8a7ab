using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>The log-likelihood under the data's own distribution.</summary>
public class LikelihoodBoundTests
{
    [Theory]
    [InlineData("fourier", "gaussian")]
    [InlineData("circle", "gaussian")]
    [InlineData("circle:2,0.5", "gaussian:0.25")]
    public void For_translations_it_is_the_average_over_a_grid_of_them(string id, string decoder)
    {
        using DisposeScope scope = NewDisposeScope();
        string separator = id.Contains(':', StringComparison.Ordinal) ? "," : ":";
        using ImageData data = DataCatalogue.Parse($"{id}{separator}size=16,images=1,test=3").Load();
        double variance = decoder == "gaussian" ? 1 : 0.25;
        int circles = data.Family!.Manifold.Dimension;
        Tensor turn = torch.arange(400, dtype: ScalarType.Float64) * (2 * Math.PI / 400);
        Tensor grid = circles == 1 ? turn.unsqueeze(-1) : torch.cartesian_prod(turn, turn);
        Tensor image = data.Test.Pixels[0].to(ScalarType.Float64);
        Tensor terms = torch.cat([.. grid.split(2000).Select(piece =>
            (data.Family.Render(DiffusionVae.Manifolds.FlatTorus.FromAngles(piece)) - image).square().sum(1) / (-2 * variance))]);
        double expected = terms.logsumexp(0).ToDouble() - Math.Log(terms.numel()) - (128 * Math.Log(2 * Math.PI * variance));
        Assert.Equal(expected, LikelihoodBound.Compute(data.Family, data.Test, PixelLikelihood.Parse(decoder))!.Value, 1e-4);
    }

    [Theory]
    [InlineData("rotations:revolution,size=12,images=1,test=5")]
    [InlineData("rotations:rod,size=12,images=1,test=5")]
    public void For_solids_it_agrees_with_a_plain_average_over_uniform_factors(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse(id).Load();
        using var generator = new Generator(1);
        const int samples = 200_000;
        Tensor drawn = torch.cat([.. data.Family!.Manifold.SampleUniform(samples, generator).split(5000).Select(data.Family.Render)]);
        Tensor terms =
            torch.stack([.. Enumerable.Range(0, 5).Select(i => (drawn - data.Test.Pixels[i]).square().sum(1) / -2)]).to(ScalarType.Float64);
        Tensor ratios = (terms - terms.max(1, keepdim: true).values).exp();
        double expected = (terms.logsumexp(1) - Math.Log(samples)).mean().ToDouble() - (72 * Math.Log(2 * Math.PI));
        double error = (ratios.std(1) / ratios.mean([1]) / Math.Sqrt(samples)).mean().ToDouble();
        Assert.Equal(
            expected, LikelihoodBound.Compute(data.Family, data.Test, PixelLikelihood.Parse("gaussian"))!.Value, (5 * error) + 1e-3);
    }
}
