namespace DiffusionVae.Manifolds;

/// <summary>
/// The charts that come from the unit sphere: of S^2, S^3, RP^d and SO(3). <see cref="ChartKind"/> says what
/// they look like.
/// </summary>
internal static class SphericalCharts
{
    /// <summary>S^2 as two discs that touch in (1, 0, 0).</summary>
    public static Chart Hemispheres()
    {
        double reach = EqualVolume.Radius(2);
        Scalar radius = reach;
        return new Chart(
            ChartKind.Hemispheres,
            [new("", -2 * reach, 2 * reach), new("", -reach, reach)],
            ambientDimension: 3,
            points =>
            {
                Tensor[] place = EqualVolume.ToBall(points.narrow(-1, 0, 2), points.narrow(-1, 2, 1).abs()).unbind(-1);
                Tensor horizontal = torch.where(points.select(-1, 2).lt(0), -(place[0] - radius), place[0] - radius);
                return torch.stack([horizontal, place[1]], -1);
            },
            coordinates =>
            {
                Tensor u = coordinates.narrow(-1, 0, 1);
                Tensor south = u.gt(0);
                Tensor x = torch.where(south, -(u - radius), u + radius);
                (Tensor across, Tensor along, Tensor inside) = EqualVolume.FromBall(torch.cat([x, coordinates.narrow(-1, 1, 1)], -1));
                return (torch.cat([across, torch.where(south, -along, along)], -1), inside);
            })
        {
            IsTrueToSize = true,
        };
    }

    /// <summary>
    /// S^3 as a ball of radius π: as far from the centre as a point is from the pole (0, 0, 0, 1); its
    /// surface is the opposite pole.
    /// </summary>
    public static Chart ThreeSphere() => new(
        ChartKind.Ball,
        [.. "xyz".Select(name => new ChartAxis(name.ToString(), -Math.PI, Math.PI))],
        ambientDimension: 4,
        points =>
        {
            Tensor across = points.narrow(-1, 0, 3), length = UnitVectors.Length(across);
            return UnitVectors.Normalise(across) * torch.atan2(length, points.narrow(-1, 3, 1));
        },
        places =>
        {
            Tensor distance = UnitVectors.Length(places), angle = distance.clamp_max(Math.PI);
            Tensor points = torch.cat([UnitVectors.Normalise(places) * angle.sin(), angle.cos()], -1);
            return (points, distance.le(Math.PI * (1 + 1e-12)).squeeze(-1));
        })
    {
        Rim = ChartRim.OnePoint,
    };

    /// <summary>
    /// The sphere that covers RP^2: the coordinates of a point as they are, those of its antipode standing
    /// for the same point.
    /// </summary>
    public static Chart Cover(Func<Tensor, Tensor> project) => new(
        ChartKind.Surface,
        [.. "xyz".Select(name => new ChartAxis(name.ToString(), -1, 1))],
        ambientDimension: 3,
        points => points.alias(),
        places => (project(places), torch.ones(places.size(0), ScalarType.Bool, places.device)));

    /// <summary>RP^d as a ball whose opposite surface points are the same, d = 2 or 3.</summary>
    public static Chart Projective(int dimension) => Ball(
        dimension,
        1,
        dimension + 1,
        points => torch.where(points.narrow(-1, dimension, 1).lt(0), -points, points),
        points => points);

    /// <summary>SO(3) as a ball, by the unit quaternions with w ≥ 0.</summary>
    public static Chart Rotations() => Ball(
        3,
        2 * Math.Sqrt(2),
        9,
        points => RotationGroup.ToQuaternions(points).roll(-1, -1),
        points => RotationGroup.FromQuaternions(points.roll(1, -1)));

    /// <summary>RP^1 as the circle of radius ½, and as the angle from -π/2 to π/2.</summary>
    public static IReadOnlyList<Chart> ProjectiveLine()
    {
        Tensor ToAngle(Tensor points)
        {
            (Tensor x, Tensor y) = (points.narrow(-1, 0, 1), points.narrow(-1, 1, 1));
            return torch.atan2(2 * x * y, x.Squared() - y.Squared()) / 2;
        }
        return
        [
            new Chart(
                ChartKind.Circle,
                [new("x", -0.5, 0.5), new("y", -0.5, 0.5)],
                ambientDimension: 2,
                points => FlatTorus.FromAngles(2 * ToAngle(points)) / 2,
                coordinates =>
                (
                    FlatTorus.FromAngles(FlatTorus.ToAngles(coordinates) / 2),
                    torch.ones(coordinates.size(0), ScalarType.Bool, coordinates.device)
                ))
            {
                IsTrueToSize = true,
            },
            Chart.Box(
                [new ChartAxis("angle", -Math.PI / 2, Math.PI / 2, IsPeriodic: true)],
                ambientDimension: 2,
                ToAngle,
                FlatTorus.FromAngles,
                isTrueToSize: true),
        ];
    }

    private static Chart Ball(
        int dimension, double scale, int ambientDimension, Func<Tensor, Tensor> toHalfSphere, Func<Tensor, Tensor> fromHalfSphere)
    {
        double radius = scale * EqualVolume.Radius(dimension);
        Scalar stretch = scale;
        return new Chart(
            dimension == 2 ? ChartKind.Disc : ChartKind.Ball,
            [.. "xyz".Take(dimension).Select(name => new ChartAxis(name.ToString(), -radius, radius))],
            ambientDimension,
            points =>
            {
                Tensor half = toHalfSphere(points);
                return EqualVolume.ToBall(half.narrow(-1, 0, dimension), half.narrow(-1, dimension, 1)) * stretch;
            },
            coordinates =>
            {
                (Tensor across, Tensor along, Tensor inside) = EqualVolume.FromBall(coordinates / stretch);
                return (fromHalfSphere(torch.cat([across, along], -1)), inside);
            })
        {
            Rim = ChartRim.Opposite,
            IsTrueToSize = true,
        };
    }
}
