using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>A sphere with every capability, each member of which a test may replace by a wrong one.</summary>
internal sealed class AlteredSphere(int dimension) :
    IChartedManifold, IGeodesicManifold, IFramedManifold, ICircularManifold, IHeatKernelManifold, IHeatKernelSampler, IProposalManifold,
    IQuadratureManifold, IFusedProjection
{
    private readonly Sphere sphere = new(dimension);

    public string Id { get; init; } = "altered";

    public int Dimension { get; init; } = dimension;

    public int AmbientDimension => sphere.AmbientDimension;

    public int FeatureDimension { get; init; } = dimension + 1;

    public Func<Tensor, Tensor>? Projection { get; init; }

    public Func<Tensor, Tensor>? Altered { get; init; }

    public string Member { get; init; } = "";

    public double LogVolume { get => sphere.LogVolume + field; init; }

    public double Diameter { get => sphere.Diameter * field; init; } = 1;

    public bool IsOrientable => true;

    public bool IsProductOfCircles => Dimension == 1;

    public IReadOnlyList<Chart> Charts { get; init; } = new Sphere(dimension).Charts;

    public Tensor Project(Tensor x) => Projection is { } own ? own(x) : sphere.Project(x);

    public Tensor Features(Tensor points) => Alter(nameof(Features), points.alias());

    public Tensor ScalarCurvature(Tensor points) => Alter(nameof(ScalarCurvature), sphere.ScalarCurvature(points));

    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        Alter(nameof(SampleUniform), sphere.SampleUniform(count, generator, dtype));

    public Tensor Divergence(Tensor points, Tensor logTime) => Alter(nameof(Divergence), sphere.Divergence(points, logTime));

    public double MeanDivergence(double time) => sphere.MeanDivergence(time);

    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) =>
        sphere.SampleHeatKernel(points, Alter(nameof(SampleHeatKernel), logTime), generator);

    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator) =>
        Alter(nameof(SampleProposal), sphere.SampleProposal(centres, logTime, generator));

    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points) =>
        Alter(nameof(LogProposalRatio), sphere.LogProposalRatio(centres, logTime, points));

    public QuadratureRule Quadrature(double spacing) => Member == nameof(Quadrature)
        ? sphere.Quadrature(spacing).Mapped(points => points, Altered!)
        : sphere.Quadrature(spacing);

    public Tensor Distance(Tensor p, Tensor q) =>
        Member == "Asymmetry" ? sphere.Distance(p, q) + p.narrow(-1, 0, 1) : Alter(nameof(Distance), sphere.Distance(p, q));

    public Tensor Exp(Tensor p, Tensor tangent) => sphere.Exp(p, Alter(nameof(Exp), tangent));

    public Tensor Log(Tensor p, Tensor q) => Alter(nameof(Log), sphere.Log(p, q));

    public Tensor ProjectTangent(Tensor p, Tensor vector) =>
        Member == nameof(ProjectTangent) ? Altered!(vector) : sphere.ProjectTangent(p, vector);

    public Tensor Frame(Tensor points) =>
        Member == "Orientation"
            ? cat(
                [
                    sphere.Frame(points).narrow(-2, 0, 1) * points.narrow(-1, 0, 1).sign().unsqueeze(-1),
                    sphere.Frame(points).narrow(-2, 1, 1),
                ],
                -2)
            : Alter(nameof(Frame), sphere.Frame(points));

    public Tensor FromAngles(Tensor angles) => Alter(nameof(FromAngles), FlatTorus.FromAngles(angles));

    public Tensor CircleVectors(Tensor x) => Alter(nameof(CircleVectors), x.unsqueeze(-2));

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points)
    {
        FusedUnitVectors.Normalise(x, points, AmbientDimension);
        if (Member == "FusedValues")
        {
            points[0] *= 1.01;
        }
    }

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient)
    {
        FusedUnitVectors.PullBack(x, points, gradient, AmbientDimension);
        if (Member == "FusedGradient")
        {
            gradient[0] += 0.01;
        }
    }

    private Tensor Alter(string member, Tensor right) => Member == member ? Altered!(right) : right;
}

/// <summary>A closed manifold with a log volume that is 0.2 too great, and no other capability.</summary>
internal sealed class WrongVolume(IClosedManifold right) : IClosedManifold
{
    public string Id => right.Id;

    public int Dimension => right.Dimension;

    public int AmbientDimension => right.AmbientDimension;

    public double LogVolume => right.LogVolume + 0.2;

    public Tensor Project(Tensor x) => right.Project(x);

    public Tensor ScalarCurvature(Tensor points) => right.ScalarCurvature(points);

    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        right.SampleUniform(count, generator, dtype);
}

/// <summary>The projective plane with features or antipodes that a test may replace.</summary>
internal sealed class AlteredPlane : IAntipodalManifold
{
    private readonly ProjectiveSpace plane = new(2);

    public string Id => "altered";

    public int Dimension => 2;

    public int AmbientDimension => 3;

    public int FeatureDimension { get; init; } = 6;

    public Func<Tensor, Tensor>? FeatureMap { get; init; }

    public Func<Tensor, Tensor> AntipodeMap { get; init; } = points => points.neg();

    public Tensor Project(Tensor x) => plane.Project(x);

    public Tensor Features(Tensor points) => FeatureMap is { } own ? own(points) : plane.Features(points);

    public Tensor Antipode(Tensor points) => AntipodeMap(points);
}
