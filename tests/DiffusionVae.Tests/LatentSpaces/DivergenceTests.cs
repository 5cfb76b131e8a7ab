using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Tests.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>Divergences of every latent space: formulas, gradients, ranges.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class DivergenceTests
{
    private static readonly double[] LogTimes = [-8, -5.5, -3.75, -2.5];

    public static TheoryData<string> Closed => Examples.Closed;

    public static TheoryData<string> WithHeatKernel => Examples.WithHeatKernel;

    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    public static TheoryData<string, DivergenceMethod> ClosedByEveryMethod
    {
        get
        {
            var data = new TheoryData<string, DivergenceMethod>();
            foreach (string id in ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IClosedManifold))
            {
                foreach (DivergenceMethod method in Enum.GetValues<DivergenceMethod>())
                {
                    if (method != DivergenceMethod.Exact || ManifoldCatalogue.Parse(id) is IHeatKernelManifold { HasHeatKernel: true })
                    {
                        data.Add(id, method);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public void The_expansion_is_its_formula(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        double d = manifold.Dimension;
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(8, generator);
        double[] curvature = Numeric.Values(manifold.ScalarCurvature(points));
        foreach ((DivergenceMethod method, double coefficient) in new[] { (DivergenceMethod.Asymptotic, 0.25),
            (DivergenceMethod.Paper, (d + 4) / 24) })
        {
            var divergence = new ShortTimeDivergence(manifold, method);
            foreach (double logTime in LogTimes)
            {
                double[] expected = [.. curvature.Select(sc =>
                    (-d / 2 * Math.Log(2 * Math.PI * Math.Exp(logTime))) - (d / 2) + manifold.LogVolume
                        + (coefficient * sc * Math.Exp(logTime)))];
                AssertClose(expected, divergence.Evaluate(points, full([8, 1], logTime, ScalarType.Float64)), 1e-12);
                AssertClose(expected, divergence.Evaluate(points.to(ScalarType.Float32), full([8, 1], logTime, ScalarType.Float32)), 1e-4);
            }
        }
    });

    [Theory]
    [MemberData(nameof(ClosedByEveryMethod))]
    public void Gradients_agree_with_differences(string id, DivergenceMethod method)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Func<Tensor, Tensor, Tensor> divergence = Create(manifold, method);
        Replay.Seeds(generator =>
        {
            Tensor points = IndependentGeometry.Of(manifold).RandomPoints(16, generator);
            Tensor logTime = (rand([16, 1], ScalarType.Float64, CPU, generator: generator) * 4) - 7;
            AssertDerivative(t => divergence(points, t), logTime);
            AssertDerivative(p => divergence(p, logTime), points);
        });
    }

    [Theory]
    [MemberData(nameof(ClosedByEveryMethod))]
    public void The_divergence_of_an_image_does_not_depend_on_its_neighbours(string id, DivergenceMethod method)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Func<Tensor, Tensor, Tensor> divergence = Create(manifold, method);
        Replay.Seeds(generator =>
        {
            foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                Tensor points = IndependentGeometry.Of(manifold).RandomPoints(11, generator, dtype);
                Tensor logTime = (rand([11, 1], dtype, CPU, generator: generator) * 4) - 7;
                double[] together = Numeric.Values(divergence(points, logTime));
                for (int i = 0; i < together.Length; i++)
                {
                    double alone = divergence(points.narrow(0, i, 1), logTime.narrow(0, i, 1)).to(ScalarType.Float64).item<double>();
                    Assert.Equal(together[i], alone, 4 * Math.Abs(alone) * (dtype == ScalarType.Float32 ? 1.2e-7 : 2.3e-16));
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(WithHeatKernel))]
    public void Exact_and_expansion_agree_at_short_times(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IHeatKernelManifold)ManifoldCatalogue.Parse(id);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(20, generator), logTime = full([20, 1], -6.0, ScalarType.Float64);
        Tensor expansion = new ShortTimeDivergence(manifold, DivergenceMethod.Asymptotic).Evaluate(points, logTime);
        // c t² with |c| below 3 (2.2 on S^5), and the table's own error.
        Assert.InRange(Numeric.Greatest(manifold.Divergence(points, logTime) - expansion), 0, (3 * Math.Exp(-12)) + 1e-5);
    });

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void No_divergence_is_negative_wherever_log_t_can_go_by_default(string id)
    {
        LatentSpace latent = LatentSpace.Parse(id);
        Replay.Seeds(generator =>
        {
            Tensor outputs = linspace(-30, 30, 241).unsqueeze(-1).repeat(1, latent.TimeDimension);
            Tensor mean = latent.SamplePrior(241, generator);
            Tensor divergence = latent.Divergence(new Posterior { Mean = mean, LogTime = latent.LogTime(outputs) });
            Assert.Equal([241, latent.Components.Count], divergence.shape);
            Assert.True(divergence.isfinite().all().item<bool>());
            Assert.InRange(divergence.min().item<float>(), 0, float.MaxValue);
        });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.7, -1.2)]
    [InlineData(-2, 0.9)]
    [InlineData(0.01, -7)]
    public void The_Gaussian_divergence_is_its_integral(double mean, double logVariance)
    {
        using DisposeScope scope = NewDisposeScope();
        double deviation = Math.Exp(logVariance / 2);
        (Tensor nodes, Tensor weights) = Numeric.Grid([(mean - (12 * deviation), mean + (12 * deviation))], 200);
        Tensor x = nodes.select(-1, 0);
        Tensor logPosterior = (-((x - mean) / deviation).square() / 2) - (0.5 * (Math.Log(2 * Math.PI) + logVariance));
        Tensor logPrior = (-x.square() / 2) - (0.5 * Math.Log(2 * Math.PI));
        double expected = (weights * logPosterior.exp() * (logPosterior - logPrior)).sum().item<double>();
        LatentSpace plane = LatentSpace.Parse("euclidean:2");
        Tensor means = tensor(new[] { mean, 0 }).unsqueeze(0), logVariances = tensor(new[] { logVariance, 0 }).unsqueeze(0);
        Tensor found = plane.Divergence(new Posterior { Mean = means, LogTime = logVariances });
        Assert.Equal(expected, found.item<double>(), 1e-9);
    }

    private static Func<Tensor, Tensor, Tensor> Create(IManifold manifold, DivergenceMethod method)
    {
        var latent = new DiffusionLatentSpace(manifold, new LatentOptions { Divergence = method, Bounds = LogTimeBounds.Paper });
        Assert.Equal(method, latent.DivergenceMethod);
        return (points, logTime) => latent.Divergence(new Posterior { Mean = points, LogTime = logTime });
    }

    private static void AssertDerivative(Func<Tensor, Tensor> function, Tensor x)
    {
        Tensor expected = Numeric.Jacobian(function, x, 1e-4);
        Assert.InRange(Numeric.Greatest(Derivative(function, x) - expected), 0, 1e-5);
    }

    /// <summary>Backpropagated; zero where the function does not depend on x at all.</summary>
    private static Tensor Derivative(Func<Tensor, Tensor> function, Tensor x)
    {
        Tensor leaf = x.detach().clone().requires_grad_();
        bool depends = function(leaf).requires_grad;
        return depends ? Numeric.Backpropagated(function, x) : zeros([x.size(0), 1, x.size(-1)], x.dtype);
    }

    private static void AssertClose(double[] expected, Tensor found, double tolerance)
    {
        Assert.Equal([expected.Length, 1], found.shape);
        Assert.All(Numeric.Values(found).Zip(expected), pair =>
            Assert.Equal(pair.Second, pair.First, tolerance * (1 + Math.Abs(pair.Second))));
    }
}
