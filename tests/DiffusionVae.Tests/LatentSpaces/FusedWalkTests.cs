using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Tests.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>
/// Projections and walks in memory are those by tensors, in values and gradients, also where the closest
/// point is not unique.
/// </summary>
public class FusedWalkTests
{
    private const int Steps = 7;

    public static TheoryData<string> All => Examples.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Projections_and_their_gradients_agree_with_those_by_tensors(string id) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        int n = manifold.AmbientDimension;
        Tensor ordinary = randn([50, n], ScalarType.Float64, CPU, generator: generator),
            weights = randn([51, n], ScalarType.Float64, CPU, generator: generator);
        Tensor x = cat([ordinary, zeros(1, n, ScalarType.Float64)], 0).requires_grad_();
        Tensor rows = FusedProjection.Project(manifold, x), tensors = manifold.Project(x);
        AssertNear(tensors, rows);
        AssertNear(Gradient(tensors, weights, x), Gradient(rows, weights, x));
    });

    [Theory]
    [MemberData(nameof(All))]
    public void A_walk_and_its_gradients_agree_with_the_steps_taken_one_by_one(string id) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor mean = IndependentGeometry.Of(manifold).RandomPoints(30, generator).requires_grad_();
        Tensor logTime = (randn([30, 1], ScalarType.Float64, CPU, generator: generator) - 3).requires_grad_();
        Tensor weights = randn([30, manifold.AmbientDimension], ScalarType.Float64, CPU, generator: generator),
            state = generator.get_state();
        Tensor walked = RandomWalk.Sample(manifold, mean, logTime, Steps, generator);
        generator.set_state(state);
        Tensor point = StepByStep(manifold, mean, logTime, generator);
        AssertNear(point, walked);
        AssertNear(Gradient(point, weights, mean), Gradient(walked, weights, mean));
        AssertNear(Gradient(point, weights, logTime), Gradient(walked, weights, logTime));
    });

    [Fact]
    public void Differentiating_twice_throws() => Replay.Seeds(generator =>
    {
        Tensor logTime = full([5, 1], -1.0, ScalarType.Float64);
        foreach (IManifold manifold in new IManifold[] { new Sphere(2), new RotationGroup() })
        {
            Tensor mean =
                manifold.Project(randn([5, manifold.AmbientDimension], ScalarType.Float64, CPU, generator: generator)).requires_grad_();
            Tensor walked = RandomWalk.Sample(manifold, mean, logTime, Steps, generator);
            Tensor gradient = autograd.grad([walked.square().sum()], [mean], create_graph: true)[0];
            Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => gradient.square().sum().backward());
        }
    }, 1);

    /// <summary>
    /// The walk by tensors. On SO(3) the unit quaternions take the steps, from the identity, shorter by 2√2
    /// as lengths are on S^3.
    /// </summary>
    private static Tensor StepByStep(IManifold manifold, Tensor start, Tensor logTime, Generator generator)
    {
        if (manifold is RotationGroup)
        {
            Tensor identity = tensor(new[] { 1.0, 0, 0, 0 }).expand(start.size(0), 4);
            Tensor turns = RotationGroup.FromQuaternions(StepByStep(new Sphere(3), identity, logTime - Math.Log(8), generator));
            return start.view(-1, 3, 3).matmul(turns.view(-1, 3, 3)).view(-1, 9);
        }
        Tensor stepLength = ((logTime - Math.Log(Steps)) / 2).exp(), point = start;
        foreach (Tensor noise in randn([Steps, .. start.shape], ScalarType.Float64, CPU, generator: generator).unbind(0))
        {
            point = manifold.Project(point + (noise * stepLength));
        }
        return point;
    }

    private static Tensor Gradient(Tensor output, Tensor weights, Tensor input) =>
        autograd.grad([(output * weights).sum()], [input], retain_graph: true)[0];

    private static void AssertNear(Tensor expected, Tensor found) =>
        Assert.InRange(Numeric.Greatest((found - expected) / (expected.abs().max() + 1)), 0, 1e-9);
}
