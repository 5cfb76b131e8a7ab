using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Manifolds with one fault each.</summary>
internal static class BrokenManifolds
{
    private static readonly Sphere Plain = new(2);
    private static readonly double[] Factors = [1, 1.2, 1.5];

    /// <summary>
    /// A fault by its name: the manifold, the checks that should find it, and how the sentence begins.
    /// </summary>
    public static readonly Dictionary<string, (IManifold Manifold, Action<ManifoldCheck>? Checks, string Sentence)> All = new()
    {
        ["no id"] = (new AlteredSphere(2) { Id = "" }, null, "Id is empty."),
        ["too many dimensions"] = (new AlteredSphere(2) { Dimension = 4 }, null, "Dimension is 4 and AmbientDimension 3;"),
        ["no features"] = (new AlteredSphere(2) { FeatureDimension = 0 }, null, "FeatureDimension is 0;"),
        ["an exception"] = (
            Projected(_ => throw new InvalidOperationException("so far")),
            null,
            "Project ended with InvalidOperationException: so far"),
        ["all to zero"] = (Projected(x => x * 0), null, "Project takes every point to zero."),
        ["not finite"] = (Projected(x => x / x.narrow(-1, 0, 1).clamp_min(0)), null, "Project's result for float64 has"),
        ["not idempotent"] = (
            Projected(x => (x + Plain.Project(x)) / 2),
            Projection,
            "Project is not idempotent in Float32: projecting a second time moves"),
        ["not closest"] = (
            Projected(x => x / (x * Stretch(x)).norm(-1, keepdim: true)),
            Projection,
            "Project does not give the closest point in Float64:"),
        ["uneven batches"] = (
            Projected(x => Plain.Project(x) * (x.numel() == 3 ? -1 : 1)),
            Projection,
            "Project in Float32 depends on the other points of a batch:"),
        ["flattened"] = (
            Projected(x => Plain.Project(x).reshape(-1, 3)),
            Projection,
            "Project's result for Float32 of shape [2, 3, 3] has the shape [6, 3]"),
        ["always double"] = (
            Projected(x => Plain.Project(x).to(ScalarType.Float64)),
            Projection,
            "Project's result for Float32 is Float64;"),
        ["in place"] = (
            Projected(x => Plain.Project(x.is_leaf && !x.requires_grad ? x.mul_(1.5) : x)),
            Projection,
            "Project changes its argument."),
        ["wide features"] = (
            new AlteredSphere(2) { FeatureDimension = 4 },
            Projection,
            "Features in Float32 has the shape [256, 3]; it should be [256, 4]."),
        ["odd features"] = (
            new AlteredPlane { FeatureDimension = 3, FeatureMap = points => points.clone() },
            Projection,
            "Features differ between a point and its antipode"),
        ["antipode beside M"] = (
            new AlteredPlane { AntipodeMap = points => points * -1.1 },
            Projection,
            "Antipode leads off the manifold by"),
        ["antipode in place"] = (new AlteredPlane { AntipodeMap = points => points.clone() }, Projection, "Antipode is the point itself"),
        ["antipode a third"] = (
            new AlteredPlane { AntipodeMap = points => points.roll(1, -1) },
            Projection,
            "Antipode of the antipode is not the point"),
        ["fused values"] = (new AlteredSphere(2) { Member = "FusedValues" }, Projection, "The fused projection is off by"),
        ["fused gradient"] = (new AlteredSphere(2) { Member = "FusedGradient" }, Projection, "The fused projection's gradient is off by"),
        ["no gradient"] = (
            Projected(x => Plain.Project(x).detach()),
            DerivativeChecks.Run,
            "Differentiating Project in Float32 ended with"),
        ["gradient not finite"] = (
            Projected(x => x / x.norm(-1, keepdim: true)),
            DerivativeChecks.Run,
            "The gradient of Project in Float32 has"),
        ["half the gradient"] = (Projected(Half), DerivativeChecks.Run, "The derivative of Project is wrong:"),
        ["slanted"] = (
            Projected(x => x / (x * Stretch(x)).norm(-1, keepdim: true)),
            DerivativeChecks.Run,
            "On the manifold the derivative of Project is not symmetric"),
        ["no projection of tangents"] = (
            Projected(Half),
            DerivativeChecks.Run,
            "On the manifold the derivative of Project is no projection:"),
        ["wrong dimension"] = (
            new AlteredSphere(2) { Dimension = 1 },
            DerivativeChecks.Run,
            "The tangent spaces have 2 dimensions, by the derivative of Project; Dimension is 1."),
        ["biased samples"] = (
            Sphere("SampleUniform", x => cat([x.narrow(-1, 0, 2), x.narrow(-1, 2, 1).abs()], -1)),
            UniformChecks.Run,
            "SampleUniform is not uniform:"),
        ["samples beside M"] = (Sphere("SampleUniform", x => x * 1.01), UniformChecks.Run, "SampleUniform in Float32 leaves the manifold:"),
        ["samples by another source"] = (
            Sphere("SampleUniform", x => Plain.Project(randn(x.shape, x.dtype))),
            UniformChecks.Run,
            "SampleUniform in Float32 does not repeat"),
        ["samples in double"] = (
            Sphere("SampleUniform", x => x.to(ScalarType.Float64)),
            UniformChecks.Run,
            "SampleUniform for Float32 is Float64;"),
        ["too great a volume"] = (new AlteredSphere(2) { LogVolume = 0.1 }, UniformChecks.Run, "LogVolume is 2.631"),
        ["too little curvature"] = (Sphere("ScalarCurvature", x => x * 0.9), UniformChecks.Run, "ScalarCurvature is 1.8 where"),
        ["flat curvature"] = (
            Sphere("ScalarCurvature", x => x.squeeze(-1)),
            UniformChecks.Run,
            "ScalarCurvature for Float32 has the shape [5]; it should be [5, 1]."),
        ["uneven quadrature"] = (
            Sphere("Quadrature", x => x.select(-1, 0) + 2),
            UniformChecks.Run,
            "Quadrature is not for the uniform distribution:"),
        ["twice the time"] = (
            Sphere("SampleHeatKernel", t => t + Math.Log(2)),
            BrownianChecks.Run,
            "SampleHeatKernel moves along the manifold by a mean square of"),
        ["walk off M"] = (
            new AlteredSphere(2) { Member = "FusedValues" },
            BrownianChecks.Run,
            "A step of the walk, P(p + √t ε), leaves the manifold"),
        ["negative divergence"] = (Sphere("Divergence", x => x - 0.5), BrownianChecks.Run, "Divergence is negative:"),
        ["too great a divergence"] = (
            Sphere("Divergence", x => x + 0.5),
            BrownianChecks.Run,
            "Divergence differs by 0.5 nats from the short-time expansion"),
        ["rising divergence"] = (Sphere("Divergence", x => 10 - x), BrownianChecks.Run, "Divergence rises with time"),
        ["another density"] = (
            Sphere("LogProposalRatio", x => x + 0.3),
            BrownianChecks.Run,
            "LogProposalRatio is not the density of SampleProposal:"),
        ["long distances"] = (Sphere("Distance", x => x * 1.1), GeodesicChecks.Run, "Distance exceeds Diameter, 3.1416, by"),
        ["long short distances"] = (
            Sphere("Distance", x => x * 1.1),
            GeodesicChecks.Run,
            "Distance of near points differs from the length of their chord by 10%"),
        ["asymmetric distances"] = (Sphere("Asymmetry", x => x), GeodesicChecks.Run, "Distance is not symmetric:"),
        ["far from itself"] = (Sphere("Distance", x => x + 0.1), GeodesicChecks.Run, "Distance of a point from itself is"),
        ["no triangle"] = (Sphere("Distance", x => x.square()), GeodesicChecks.Run, "Distance is longer than a way through a third point"),
        ["small diameter"] = (new AlteredSphere(2) { Diameter = 0.5 }, GeodesicChecks.Run, "Distance exceeds Diameter, 1.5708, by"),
        ["too far an Exp"] = (Sphere("Exp", v => v * 1.1), GeodesicChecks.Run, "Exp of Log misses the point by"),
        ["Exp that never rests"] = (Sphere("Exp", v => v + 0.1), GeodesicChecks.Run, "Exp of no vector moves a point by"),
        ["short Log"] = (Sphere("Log", v => v * 0.9), GeodesicChecks.Run, "The length of Log differs from Distance by"),
        ["Log beside the tangent space"] = (Sphere("Log", v => v + 0.1), GeodesicChecks.Run, "Log is not tangent:"),
        ["tangent everything"] = (
            Sphere("ProjectTangent", v => v.clone()),
            GeodesicChecks.Run,
            "ProjectTangent differs from the derivative of Project"),
        ["long frames"] = (Sphere("Frame", f => f * 1.1), GeodesicChecks.Run, "Frame is not orthonormal:"),
        ["slanted frames"] = (Sphere("Frame", f => f.roll(1, -1)), GeodesicChecks.Run, "Frame is not tangent:"),
        ["turned frames"] = (
            Sphere("Orientation", f => f),
            GeodesicChecks.Run,
            "IsOrientable is true, but the frames of near points have opposite orientations."),
        ["one way charts"] = (
            new AlteredSphere(2) { Charts = [Chart(x => x.narrow(-1, 0, 2), 2)] },
            CoordinateChecks.Run,
            "Chart 1 does not lead back:"),
        ["narrow charts"] = (
            new AlteredSphere(2) { Charts = [Chart(x => x.narrow(-1, 0, 2), 0.5)] },
            CoordinateChecks.Run,
            "Chart 1 draws a point outside its axes, by"),
        ["empty charts"] = (
            new AlteredSphere(2) { Charts = [Chart(x => x.narrow(-1, 0, 2), 2, isInside: false)] },
            CoordinateChecks.Run,
            "Chart 1 says of places of points that they are not inside."),
        ["angles beside M"] = (
            new AlteredSphere(1) { Member = "FromAngles", Altered = x => x * 2 },
            CoordinateChecks.Run,
            "FromAngles leaves the manifold by"),
        ["turned vectors"] = (
            new AlteredSphere(1) { Member = "CircleVectors", Altered = x => x.flip(-1) },
            CoordinateChecks.Run,
            "CircleVectors point in other directions than the angles of FromAngles"),
    };

    private static void Projection(ManifoldCheck check) => ProjectionChecks.Run(check);

    private static ProjectedManifold Projected(Func<Tensor, Tensor> projection) => new("altered", 2, 3, projection);

    public static AlteredSphere Sphere(string member, Func<Tensor, Tensor> altered) => new(2) { Member = member, Altered = altered };

    private static Tensor Stretch(Tensor x) => tensor(Factors, dtype: x.dtype);

    /// <summary>The sphere's projection with half its derivative.</summary>
    private static Tensor Half(Tensor x)
    {
        Tensor unit = Plain.Project(x);
        return (unit.detach() + unit) / 2;
    }

    private static Chart Chart(Func<Tensor, Tensor> toCoordinates, double reach, bool isInside = true) => new(
        ChartKind.Box,
        [new ChartAxis("x", -reach, reach), new ChartAxis("y", -reach, reach)],
        3,
        toCoordinates,
        places => (cat([places, places.narrow(-1, 0, 1)], -1), full([places.size(0)], isInside, ScalarType.Bool)));
}
