namespace DiffusionVae.HeatKernels;

/// <summary>The heat kernel of a <see cref="RingTorusShape"/> for short times and nearby points.</summary>
/// <remarks>
/// <code>q = exp(-d² / (2t)) / (2πt) √(d / j) (1 + a₁ t + a₂ t²)</code>
/// with the geodesic distance d and the Jacobi field j along the geodesic (j'' + K j = 0, j(0) = 0, j'(0) =
/// 1). d / j is the Van Vleck determinant. With the curvature K at the geodesic's midpoint, its Laplacian ΔK
/// there, and its second derivative h along the geodesic,
/// <code>a₁ = K / 6 + d² (h / 240 + ΔK / 240 + K² / 360),   a₂ = (K² + ΔK) / 60.</code>
/// a₁ solves the transport equation of Minakshisundaram and Pleijel to second order in d. a₂ is the value on
/// the diagonal.
/// </remarks>
internal static class RingTorusParametrix
{
    private const int Steps = 48;
    private const int MaximumIterations = 20;

    /// <summary>
    /// The logarithm of the density, or null where the points are further apart than
    /// <paramref name="reach"/>.
    /// </summary>
    /// <param name="shape">The torus.</param>
    /// <param name="time">The time, in units of r².</param>
    /// <param name="u1">The tube angle of the first point.</param>
    /// <param name="u2">The tube angle of the second point.</param>
    /// <param name="deltaV">The difference of the angles around the axis.</param>
    /// <param name="reach">A distance that is less than half of any closed geodesic.</param>
    public static double? LogDensity(RingTorusShape shape, double time, double u1, double u2, double deltaV, double reach)
    {
        double du = Math.IEEERemainder(u2 - u1, 2 * Math.PI);
        double dv = Math.IEEERemainder(deltaV, 2 * Math.PI);

        // No path within reach comes closer to the axis than this.
        double narrowest = shape.Ratio + Math.Cos(Math.Min(Math.PI, Math.Abs(Math.IEEERemainder(u1, 2 * Math.PI)) + reach));
        if (Math.Abs(du) > reach || Math.Abs(dv) * narrowest > reach)
        {
            return null;
        }
        Geodesic path = Join(shape, u1, du, dv);
        double squared = path.SquaredLength;
        if (squared > reach * reach)
        {
            return null;
        }
        double middle = shape.Curvature(path.Middle);
        double laplacian = shape.CurvatureLaplacian(path.Middle);
        double bend = shape.Curvature(u1) + shape.Curvature(u1 + du) - (2 * middle);
        double first = (middle / 6) + (bend / 60) + (squared * ((laplacian / 240) + (middle * middle / 360)));
        double second = ((middle * middle) + laplacian) / 60;
        double logFlat = (-squared / (2 * time)) - Math.Log(2 * Math.PI * time);
        return logFlat - (Math.Log(path.Spread) / 2) + Log1p.Compute(time * (first + (time * second)));
    }

    /// <summary>
    /// The geodesic from (u, 0) to (u + du, dv), by Newton's method on its initial velocity.
    /// </summary>
    private static Geodesic Join(RingTorusShape shape, double u, double du, double dv)
    {
        const double nudge = 1e-6;
        double slope = du;
        double momentum = dv / MeanInverseSquare(shape, u, du);
        for (int iteration = 0; iteration < MaximumIterations; iteration++)
        {
            Geodesic path = Shoot(shape, u, slope, momentum);
            double missU = u + du - path.EndU;
            double missV = dv - path.EndV;
            if (Math.Abs(missU) + (shape.Ratio * Math.Abs(missV)) < 1e-13)
            {
                break;
            }
            Geodesic steeper = Shoot(shape, u, slope + nudge, momentum);
            Geodesic wider = Shoot(shape, u, slope, momentum + (nudge * shape.Ratio));
            double uSlope = (steeper.EndU - path.EndU) / nudge;
            double vSlope = (steeper.EndV - path.EndV) / nudge;
            double uMomentum = (wider.EndU - path.EndU) / (nudge * shape.Ratio);
            double vMomentum = (wider.EndV - path.EndV) / (nudge * shape.Ratio);
            double determinant = (uSlope * vMomentum) - (uMomentum * vSlope);
            slope += ((missU * vMomentum) - (missV * uMomentum)) / determinant;
            momentum += ((missV * uSlope) - (missU * vSlope)) / determinant;
        }
        return Shoot(shape, u, slope, momentum);
    }

    /// <summary>The mean of 1/w² on a straight line in u, by Simpson's rule.</summary>
    private static double MeanInverseSquare(RingTorusShape shape, double u, double du)
    {
        double start = shape.Width(u);
        double middle = shape.Width(u + (du / 2));
        double end = shape.Width(u + du);
        return ((1 / (start * start)) + (4 / (middle * middle)) + (1 / (end * end))) / 6;
    }

    /// <summary>Follows a geodesic for unit time by the classical Runge-Kutta method.</summary>
    private static Geodesic Shoot(RingTorusShape shape, double u, double slope, double momentum)
    {
        double width = shape.Width(u);
        double squared = (slope * slope) + (momentum * momentum / (width * width));
        const double step = 1.0 / Steps;
        var y = new State(u, slope, 0, 0, 1);
        double middle = u;
        for (int i = 0; i < Steps; i++)
        {
            State k1 = y.Rate(shape, momentum, squared);
            State k2 = y.Plus(step / 2, k1).Rate(shape, momentum, squared);
            State k3 = y.Plus(step / 2, k2).Rate(shape, momentum, squared);
            State k4 = y.Plus(step, k3).Rate(shape, momentum, squared);
            y = y.Plus(step / 6, k1).Plus(step / 3, k2).Plus(step / 3, k3).Plus(step / 6, k4);
            middle = i == (Steps / 2) - 1 ? y.U : middle;
        }
        return new Geodesic(squared, middle, y.U, y.V, y.Jacobi);
    }

    /// <summary>
    /// A geodesic: its squared length, its tube angle half way, its end, and the Jacobi field j/d at the end.
    /// </summary>
    private readonly record struct Geodesic(double SquaredLength, double Middle, double EndU, double EndV, double Spread);

    /// <summary>
    /// A point of the path. Clairaut's constant w² dv and the length, which are constant, are kept outside.
    /// </summary>
    private readonly record struct State(double U, double Slope, double V, double Jacobi, double JacobiSlope)
    {
        public State Plus(double factor, State rate) => new(
            U + (factor * rate.U),
            Slope + (factor * rate.Slope),
            V + (factor * rate.V),
            Jacobi + (factor * rate.Jacobi),
            JacobiSlope + (factor * rate.JacobiSlope));

        public State Rate(RingTorusShape shape, double momentum, double squaredLength)
        {
            double width = shape.Width(U);
            double turn = momentum / (width * width);
            return new State(Slope, -width * Math.Sin(U) * turn * turn, turn, JacobiSlope, -shape.Curvature(U) * squaredLength * Jacobi);
        }
    }
}
