using System.Globalization;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>What the tests know of a manifold from elsewhere than from its class.</summary>
/// <param name="Residual">[b, n] to [b, k]: an equation of M, zero on it and nowhere else.</param>
/// <param name="Chart">
/// [b, d] to [b, n]: a parametrisation that covers each point of M once, but for a set without volume.
/// </param>
/// <param name="Box">Where the parameters lie.</param>
/// <param name="Singular">Points of R^n where the closest point of M is not unique.</param>
/// <param name="Farthest">Pairs of points as far from each other as can be, with their distance.</param>
internal sealed record IndependentGeometry(
    Func<Tensor, Tensor> Residual,
    Func<Tensor, Tensor> Chart,
    IReadOnlyList<(double From, double To)> Box,
    IReadOnlyList<double[]> Singular,
    IReadOnlyList<(double[] P, double[] Q, double Distance)> Farthest)
{
    private const double HalfTurn = Math.PI;
    private const double Turn = 2 * Math.PI;

    /// <summary>The description of a manifold of the catalogue.</summary>
    public static IndependentGeometry Of(IManifold manifold)
    {
        string[] parts = manifold.Id.Split(':', 2);
        double[] numbers = parts.Length == 1
            ? []
            : [.. parts[1].Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return parts[0] switch
        {
            "sphere" => Sphere((int)numbers[0]),
            "torus" => FlatTorus((int)numbers[0]),
            "embedded-torus" => RingTorus(numbers[0], numbers[1]),
            "ellipsoid" => Ellipsoid(numbers),
            "klein-bottle" => KleinBottle(numbers[0], numbers[1]),
            "so3" => Rotations(),
            "projective" => Projective((int)numbers[0]),
            "euclidean" => Euclidean((int)numbers[0]),
            _ => throw new Xunit.Sdk.XunitException(
                $"Describe '{manifold.Id}' in {nameof(IndependentGeometry)}: an equation, a chart, its singular points."),
        };
    }

    /// <summary>Points of M: those of random parameters.</summary>
    public Tensor RandomPoints(long count, Generator generator, ScalarType dtype = ScalarType.Float64)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor from = tensor(Box.Select(side => side.From).ToArray()), length = tensor(Box.Select(side => side.To - side.From).ToArray());
        Tensor parameters = (rand([count, Box.Count], ScalarType.Float64, CPU, generator: generator) * length) + from;
        return Chart(parameters).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Points of M and the volume that each stands for, by quadrature over the chart.</summary>
    public (Tensor Points, Tensor Weights) Quadrature()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor nodes, Tensor weights) = Numeric.Grid(Box, Box.Count > 3 ? 10 : Box.Count == 2 ? 60 : 20);
        Tensor jacobian = Numeric.Jacobian(Chart, nodes);
        Tensor volume = linalg.det(jacobian.transpose(-2, -1).matmul(jacobian)).clamp_min(0).sqrt();
        return (Chart(nodes).MoveToOuterDisposeScope(), (weights * volume).MoveToOuterDisposeScope());
    }

    private static IndependentGeometry Sphere(int d)
    {
        double[] pole = Basis(d + 1, d), opposite = [.. pole.Select(entry => -entry)];
        return new(x => x.square().sum(-1, keepdim: true) - 1, Polar, [.. Enumerable.Repeat((0.0, HalfTurn), d - 1), (0, Turn)],
            [new double[d + 1]], [(pole, opposite, HalfTurn)]);
    }

    private static IndependentGeometry Projective(int d) => Sphere(d) with
    {
        Box = [.. Enumerable.Repeat((0.0, HalfTurn), d)],
        Farthest = [(Basis(d + 1, 0), Basis(d + 1, 1), HalfTurn / 2)],
    };

    private static IndependentGeometry FlatTorus(int k)
    {
        double[] origin = [.. Enumerable.Range(0, 2 * k).Select(i => i % 2 == 0 ? 1.0 : 0)];
        return new(
            x => Numeric.Unflatten(x, k, 2).square().sum(-1) - 1,
            angles => stack([angles.cos(), angles.sin()], -1).flatten(-2, -1),
            [.. Enumerable.Repeat((0.0, Turn), k)],
            [new double[2 * k], [.. origin.Select((entry, i) => i < 2 ? 0 : entry)], [.. origin.Select((entry, i) => i < 2 ? entry : 0)]],
            [(origin, [.. origin.Select(entry => -entry)], HalfTurn * Math.Sqrt(k))]);
    }

    private static IndependentGeometry RingTorus(double core, double tube) => new(
        x => (x.narrow(-1, 0, 2).square().sum(-1, keepdim: true).sqrt() - core).square() + x.narrow(-1, 2, 1).square() - (tube * tube),
        angles =>
        {
            (Tensor u, Tensor v) = (angles.select(-1, 0), angles.select(-1, 1));
            Tensor fromAxis = (u.cos() * tube) + core;
            return stack([fromAxis * v.cos(), fromAxis * v.sin(), u.sin() * tube], -1);
        },
        [(0, Turn), (0, Turn)],
        [[0, 0, 0], [0, 0, 1.7], [0, 0, -tube], [core, 0, 0], [0, -core, 0], [core * 0.6, core * 0.8, 0]],
        []);

    private static IndependentGeometry Ellipsoid(double[] axes)
    {
        Tensor Scale(Tensor x) => x * tensor(axes, dtype: x.dtype);
        int n = axes.Length, least = Array.IndexOf(axes, axes.Min());
        double[] slice = [.. axes.Select((axis, i) => i == least ? 0 : 0.1 * axis)];
        return new(
            x => (x / tensor(axes)).square().sum(-1, keepdim: true) - 1,
            angles => Scale(Polar(angles)),
            [.. Enumerable.Repeat((0.0, HalfTurn), n - 2), (0, Turn)],
            [new double[n], slice, [.. slice.Select(entry => -entry)]],
            []);
    }

    private static IndependentGeometry KleinBottle(double core, double tube) => new(
        x =>
        {
            Tensor[] c = x.unbind(-1);
            Tensor half = atan2(c[1], c[0]) / 2, fromCore = (c[0].square() + c[1].square()).sqrt() - core;
            return stack(
                [fromCore.square() + c[2].square() + c[3].square() - (tube * tube), (c[2] * half.sin()) - (c[3] * half.cos())], -1);
        },
        angles =>
        {
            (Tensor u, Tensor v) = (angles.select(-1, 0), angles.select(-1, 1));
            Tensor fromAxis = (v.cos() * tube) + core;
            return stack([fromAxis * u.cos(), fromAxis * u.sin(), v.sin() * (u / 2).cos() * tube, v.sin() * (u / 2).sin() * tube], -1);
        },
        [(0, Turn), (0, Turn)],
        [[0, 0, 0, 0], [0, 0, 0.3, 0.2], [core, 0, 0, 0], [0, -core, 0, 0], [core * 0.6, core * 0.8, 0, 0]],
        []);

    private static IndependentGeometry Rotations() => new(
        x =>
        {
            Tensor r = Numeric.Unflatten(x, 3, 3);
            return cat([(r.matmul(r.transpose(-2, -1)) - eye(3, dtype: x.dtype)).flatten(-2, -1), linalg.det(r).unsqueeze(-1) - 1], -1);
        },
        angles => (AboutZ(angles.select(-1, 0)).matmul(AboutX(angles.select(-1, 1))).matmul(AboutZ(angles.select(-1, 2)))).flatten(-2, -1),
        [(0, Turn), (0, HalfTurn), (0, Turn)],
        [
            new double[9], [-1, 0, 0, 0, -1, 0, 0, 0, -1], [1, 0, 0, 0, 1, 0, 0, 0, -1], [2, 0, 0, 0, -1, 0, 0, 0, 1],
            [0, 1, 0, 1, 0, 0, 0, 0, 1],
            [1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2, 0, 0, 0], [-3, 0, 0, 0, -1, 0, 0, 0, -1],
        ],
        [
            ([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 0, 0, 0, -1, 0, 0, 0, -1], Math.Sqrt(2) * HalfTurn),
            ([0, -1, 0, 1, 0, 0, 0, 0, 1], [0, 1, 0, -1, 0, 0, 0, 0, 1], Math.Sqrt(2) * HalfTurn),
        ]);

    private static IndependentGeometry Euclidean(int k) => new(
        x => zeros_like(x), parameters => parameters.alias(), [.. Enumerable.Repeat((-3.0, 3.0), k)], [new double[k]], []);

    /// <summary>
    /// Polar coordinates of any dimension: the cosine of the first angle, then its sine times the polar
    /// coordinates of the rest.
    /// </summary>
    private static Tensor Polar(Tensor angles)
    {
        var coordinates = new List<Tensor>();
        Tensor radius = ones_like(angles.select(-1, 0));
        foreach (Tensor angle in angles.unbind(-1))
        {
            coordinates.Add(radius * angle.cos());
            radius = radius * angle.sin();
        }
        return stack([.. coordinates, radius], -1);
    }

    private static Tensor AboutZ(Tensor angle)
    {
        (Tensor c, Tensor s, Tensor zero) = (angle.cos(), angle.sin(), zeros_like(angle));
        return Numeric.Unflatten(stack([c, -s, zero, s, c, zero, zero, zero, zero + 1], -1), 3, 3);
    }

    private static Tensor AboutX(Tensor angle)
    {
        (Tensor c, Tensor s, Tensor zero) = (angle.cos(), angle.sin(), zeros_like(angle));
        return Numeric.Unflatten(stack([zero + 1, zero, zero, zero, c, -s, zero, s, c], -1), 3, 3);
    }

    private static double[] Basis(int n, int index) => [.. Enumerable.Range(0, n).Select(i => i == index ? 1.0 : 0)];
}
