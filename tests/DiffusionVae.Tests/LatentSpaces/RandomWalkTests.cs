using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Tests.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>
/// The walk tends to Brownian motion, as fast as it should, and can be differentiated and repeated.
/// </summary>
public class RandomWalkTests
{
    private static readonly double[] Exponents = [0.02, 0.4, 1.5];

    public static TheoryData<string> All => Examples.All;

    public static TheoryData<string> Closed => Examples.Closed;

    public static TheoryData<string> Homogeneous =>
        [.. ManifoldCatalogue.Examples.Where(id => ZonalFunction.Of(ManifoldCatalogue.Parse(id)) is not null)];

    /// <summary>
    /// E[z - p] = (t/2) H and E|tangent part of z - p|² = d t as t goes to zero: the generator is half the
    /// Laplacian.
    /// </summary>
    [Theory]
    [MemberData(nameof(Closed))]
    public void For_short_times_it_moves_as_half_the_Laplacian_says(string id) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        const int count = 30_000;
        const double time = 0.02;
        Tensor p = IndependentGeometry.Of(manifold).RandomPoints(1, generator);
        Tensor bend = SecondFundamentalForm.MeanCurvature(manifold, p), frame = SecondFundamentalForm.TangentFrame(manifold, p)[0];
        double strength = bend.norm().item<double>();
        // Twice the mean at half the time less the mean at the whole: the error of first order in t drops
        // out.
        (double drift, double driftError, double spread, double spreadError) = (0, 0, 0, 0);
        foreach ((double share, double weight) in new[] { (1.0, -1.0), (0.5, 2.0) })
        {
            Tensor moved = RandomWalk.Sample(
                manifold, p.repeat(count, 1), full([count, 1], Math.Log(share * time), ScalarType.Float64), 2, generator) - p;
            Tensor along = moved.matmul((bend / strength).t()) * (2 / (share * time)),
                squares = moved.matmul(frame).square().sum(-1) / (share * time);
            drift += weight * along.mean().item<double>();
            driftError += weight * weight * along.var().item<double>();
            spread += weight * squares.mean().item<double>();
            spreadError += weight * weight * squares.var().item<double>();
        }
        // What is left is of second order in t against the square of the radius of curvature, at least.
        double left = Math.Pow(time * strength * strength, 2);
        Assert.InRange(Math.Abs(drift - strength), 0, (Statistics.Sigmas * Math.Sqrt(driftError / count)) + (strength * left));
        Assert.InRange(
            Math.Abs(spread - manifold.Dimension), 0, (Statistics.Sigmas * Math.Sqrt(spreadError / count)) + (manifold.Dimension * left));
    }, count: 2);

    [Theory]
    [MemberData(nameof(Homogeneous))]
    public void The_first_eigenfunction_decays_as_its_eigenvalue_says_with_an_error_that_shrinks_with_N(string id) =>
        Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        double time = 0.8 / ZonalFunction.Of(manifold)!.Eigenvalue;
        (double four, double errorOfFour) = ExcessOfEffectiveTime(manifold, time, 4, generator);
        (double sixteen, double errorOfSixteen) = ExcessOfEffectiveTime(manifold, time, 16, generator);
        double error = 4 * Math.Sqrt((errorOfFour * errorOfFour / 9) + (errorOfSixteen * errorOfSixteen));
        // A quarter for first order, a half for order 1/2, a sixteenth for second order.
        Assert.True(Math.Abs(sixteen) < (Math.Abs(four) / 3)
            + error, FormattableString.Invariant($"f is {four} at 4 and {sixteen} at 16, within {error}"));
        Assert.InRange(error, 0, 0.03);
    }, count: 1);

    /// <summary>
    /// On S^d the effective time is too large by the share (3 - d)/2 · t/N to first order: expand the cosine
    /// of one step to fourth order. On S^3 the walk is of second order, and above it the effective time is
    /// too small.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void On_spheres_the_error_is_of_first_order_in_1_over_N_with_the_coefficient_of_an_expansion(int dimension)
    {
        double Slope(double variance) =>
            ((-2 * Math.Log(MeanCosineOfOneStep(dimension, variance)) / (dimension * variance)) - 1) / variance;
        Assert.Equal((3 - dimension) / 2.0, (2 * Slope(0.001)) - Slope(0.002), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Homogeneous))]
    public void Exact_samples_decay_as_the_eigenvalue_says(string id)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        ZonalFunction zonal = ZonalFunction.Of(manifold)!;
        var sampler = (IHeatKernelSampler)manifold;
        Replay.Seeds(generator => AssertDecay(manifold, zonal, sampler, generator), count: 2);
    }

    private static void AssertDecay(IManifold manifold, ZonalFunction zonal, IHeatKernelSampler sampler, Generator generator)
    {
        const int count = 10_000;
        foreach (double exponent in Exponents)
        {
            double time = 2 * exponent / zonal.Eigenvalue;
            Tensor p = IndependentGeometry.Of(manifold).RandomPoints(1, generator).repeat(count, 1);
            Tensor values = zonal.Value(p, sampler.SampleHeatKernel(p, full([count, 1], Math.Log(time), ScalarType.Float64), generator));
            Statistics.AssertMean(
                Math.Exp(-exponent), values.mean().item<double>(), values.std().item<double>(), count,
                FormattableString.Invariant($"t = {time}"));
        }
    }

    [Theory]
    [InlineData(1, 10, 1)]
    [InlineData(1, 10, 0.135)]
    [InlineData(1, 3, 0.5)]
    [InlineData(2, 10, 0.7)]
    [InlineData(5, 4, 0.3)]
    public void On_spheres_the_mean_cosine_is_that_of_projected_normal_vectors(int dimension, int steps, double time) =>
        Replay.Seeds(generator =>
    {
        const int count = 30_000;
        var sphere = new Sphere(dimension);
        Tensor p = sphere.SampleUniform(1, generator, ScalarType.Float64).repeat(count, 1);
        Tensor cosines = (RandomWalk.Sample(sphere, p, full([count, 1], Math.Log(time), ScalarType.Float64), steps, generator) * p).sum(-1);
        double expected = Math.Pow(MeanCosineOfOneStep(dimension, time / steps), steps);
        Statistics.AssertMean(expected, cosines.mean().item<double>(), cosines.std().item<double>(), count, "cosine");
    }, count: 2);

    [Theory]
    [InlineData(0.135, 0.013, 0.001)]
    [InlineData(1, 0.14, 0.005)]
    public void Ten_steps_on_the_circle_take_effectively_longer_than_they_should(double time, double excess, double tolerance)
    {
        double effective = -20 * Math.Log(MeanCosineOfOneStep(1, time / 10));
        Assert.Equal(excess, (effective / time) - 1, tolerance);
        // The same in closed form: sqrt(π κ/8) exp(-κ/4) (I0(κ/4) + I1(κ/4)), κ the inverse variance of a
        // step.
        using DisposeScope scope = NewDisposeScope();
        double kappa = 10 / time;
        Tensor quarter = tensor(new[] { kappa / 4 });
        double closedForm = Math.Sqrt(Math.PI * kappa / 8) * (special.i0e(quarter) + special.i1e(quarter)).item<double>();
        Assert.Equal(closedForm, MeanCosineOfOneStep(1, time / 10), 5e-5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_differentiable_in_mean_and_log_t(string id) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor mean = IndependentGeometry.Of(manifold).RandomPoints(20, generator);
        Tensor logTime = randn([20, 1], ScalarType.Float64, CPU, generator: generator) - 4;
        Tensor state = generator.get_state();
        Tensor Walk(Tensor from, Tensor during)
        {
            generator.set_state(state);
            return RandomWalk.Sample(manifold, from, during, 5, generator);
        }
        AssertDerivative(x => Walk(x, logTime), mean);
        AssertDerivative(t => Walk(mean, t), logTime);
    });

    [Theory]
    [MemberData(nameof(All))]
    public void The_same_state_gives_the_same_walk_and_the_layer_walks_alike(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        IManifold manifold = ManifoldCatalogue.Parse(id);
        using var generator = new Generator(3, CPU);
        Tensor mean = IndependentGeometry.Of(manifold).RandomPoints(10, generator, ScalarType.Float32), logTime = full([10, 1], -3);
        using var layer = new RandomWalk(manifold, 4, generator);
        Tensor state = generator.get_state();
        Tensor first = RandomWalk.Sample(manifold, mean, logTime, 4, generator),
            second = RandomWalk.Sample(manifold, mean, logTime, 4, generator);
        generator.set_state(state);
        Tensor again = layer.forward(mean, logTime);
        Assert.Equal(Numeric.Values(first), Numeric.Values(again));
        Assert.NotEqual(Numeric.Values(first), Numeric.Values(second));
        Assert.InRange(Numeric.Greatest(IndependentGeometry.Of(manifold).Residual(first.to(ScalarType.Float64))), 0, 1e-5);
        Assert.Equal(0, Leaks.Of(() => layer.forward(mean, logTime).Dispose()));
    }

    private static void AssertDerivative(Func<Tensor, Tensor> function, Tensor x)
    {
        Tensor expected = Numeric.Jacobian(function, x, 1e-4), found = Numeric.Backpropagated(function, x);
        Assert.InRange(Numeric.Greatest((found - expected) / (expected.abs().max() + 1)), 0, 1e-7);
    }

    /// <summary>
    /// How much longer, relatively, Brownian motion would have to go for the same mean; and the standard
    /// error of that.
    /// </summary>
    private static (double Excess, double Error) ExcessOfEffectiveTime(IManifold manifold, double time, int steps, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        ZonalFunction zonal = ZonalFunction.Of(manifold)!;
        const int count = 100_000;
        Tensor p = IndependentGeometry.Of(manifold).RandomPoints(1, generator, ScalarType.Float32).repeat(count, 1);
        Tensor values =
            zonal.Value(p, RandomWalk.Sample(manifold, p, full([count, 1], Math.Log(time)), steps, generator)).to(ScalarType.Float64);
        double mean = values.mean().item<double>();
        double scale = 2 / (zonal.Eigenvalue * time);
        return ((-scale * Math.Log(mean)) - 1, scale * values.std().item<double>() / mean / Math.Sqrt(count));
    }

    /// <summary>
    /// E[(1 + σ x) / |(1 + σ x, σ y)|] for x normal and y the length of a normal vector of R^d.
    /// </summary>
    private static double MeanCosineOfOneStep(int dimension, double variance)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor nodes, Tensor weights) = Numeric.Grid([(-9, 9), (0, 11)], 100);
        (Tensor x, Tensor y) = (nodes.select(-1, 0), nodes.select(-1, 1));
        Tensor density = weights * y.pow(dimension - 1) * (-(x.square() + y.square()) / 2).exp();
        Tensor forward = (x * Math.Sqrt(variance)) + 1;
        Tensor cosine = forward / (forward.square() + (y.square() * variance)).sqrt();
        return ((density * cosine).sum() / density.sum()).item<double>();
    }
}
