namespace DiffusionVae.Manifolds;

/// <summary>The closest point of the Klein bottle in R^4.</summary>
/// <remarks>
/// With A = x₁ cos u + x₂ sin u - R and B = x₃ cos(u/2) + x₄ sin(u/2), half the squared distance of φ(u, v)
/// from x is a constant less R A + r (A cos v + B sin v). The best v has (cos v, sin v) = (A, B)/S, S = √(A²
/// + B²), and what remains is to find the greatest f(u) = R A + r S in one turn: the best of the maxima that
/// begin at the nodes of a grid.
/// </remarks>
internal sealed class KleinBottleProjection(double coreRadius, double tubeRadius)
{
    private const int Nodes = 32;
    private const int MostSteps = 60;
    private const double Converged = 1e-12;

    private static readonly (double Cosine, double Sine, double CosineOfHalf, double SineOfHalf)[] Grid =
        [.. Enumerable.Range(0, Nodes).Select(i => Turn(Node(i)))];

    /// <summary>P(x) for one x.</summary>
    public void Project(ReadOnlySpan<double> x, Span<double> point)
    {
        Span<double> values = stackalloc double[Nodes];
        for (int i = 0; i < Nodes; i++)
        {
            (double a, double b, _, _) = Along(x, Grid[i]);
            values[i] = Value(a, b);
        }
        (double best, double u) = (double.NegativeInfinity, 0);
        for (int i = 0; i < Nodes; i++)
        {
            // f has the period of one turn, though B has not.
            if (values[i] > values[(i + Nodes - 1) % Nodes] && values[i] >= values[(i + 1) % Nodes])
            {
                double found = Maximum(x, Node(i));
                (double a, double b, _, _) = Along(x, Turn(found));
                if (Value(a, b) is var value && value > best)
                {
                    (best, u) = (value, found);
                }
            }
        }
        var turn = Turn(u);
        (double cosine, double sine) = BestOfTube(Along(x, turn));
        double fromAxis = coreRadius + (tubeRadius * cosine), across = tubeRadius * sine;
        (point[0], point[1], point[2], point[3]) =
            (fromAxis * turn.Cosine, fromAxis * turn.Sine, across * turn.CosineOfHalf, across * turn.SineOfHalf);
    }

    /// <summary>
    /// g becomes J H⁻¹ Jᵀ g for one x, J being Dφ at P(x), and H = JᵀJ - ⟨x - φ, D²φ⟩ the second derivative
    /// of half the squared distance.
    /// </summary>
    public void PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> point, Span<double> gradient)
    {
        var turn = Turn(Math.Atan2(point[1], point[0]));
        double fromAxis = double.Hypot(point[0], point[1]), across = (point[2] * turn.CosineOfHalf) + (point[3] * turn.SineOfHalf);
        double cosine = (fromAxis - coreRadius) / tubeRadius, sine = across / tubeRadius;
        (double a, double b, double slopeOfA, double slopeOfB) = Along(x, turn);
        double uu = (fromAxis * (a + coreRadius)) + (across * b / 4), uv = (across * slopeOfA) - (tubeRadius * cosine * slopeOfB),
            vv = tubeRadius * ((cosine * a) + (sine * b));
        // H is singular at centres of curvature, where the closest point jumps.
        vv = Math.Max(vv, ClosestPoint.LeastStiffness * tubeRadius * tubeRadius);
        double schur = Math.Max(uu - (uv * uv / vv), ClosestPoint.LeastStiffness * coreRadius * coreRadius);

        ReadOnlySpan<double> byU =
            [-fromAxis * turn.Sine, fromAxis * turn.Cosine, -across / 2 * turn.SineOfHalf, across / 2 * turn.CosineOfHalf];
        ReadOnlySpan<double> byV =
            [-across * turn.Cosine, -across * turn.Sine, tubeRadius * cosine * turn.CosineOfHalf, tubeRadius * cosine * turn.SineOfHalf];
        (double alongU, double alongV) = (0, 0);
        for (int i = 0; i < 4; i++)
        {
            alongU += byU[i] * gradient[i];
            alongV += byV[i] * gradient[i];
        }
        double changeOfU = (alongU - (uv / vv * alongV)) / schur, changeOfV = (alongV - (uv * changeOfU)) / vv;
        for (int i = 0; i < 4; i++)
        {
            gradient[i] = (byU[i] * changeOfU) + (byV[i] * changeOfV);
        }
    }

    /// <summary>
    /// The maximum of f beside a node that is no lower than its neighbours: Newton's method for f' = 0, by
    /// bisection where it leaves the cell.
    /// </summary>
    private double Maximum(ReadOnlySpan<double> x, double node)
    {
        (double u, double low, double high) = (node, node - Node(1) + Node(0), node + Node(1) - Node(0));
        for (int i = 0; i < MostSteps && high - low > Converged; i++)
        {
            (double a, double b, double slopeOfA, double slopeOfB) = Along(x, Turn(u));
            double s = double.Hypot(a, b), slopeOfS = s > 0 ? ((a * slopeOfA) + (b * slopeOfB)) / s : 0;
            double slope = (coreRadius * slopeOfA) + (tubeRadius * slopeOfS);
            double squares = (slopeOfA * slopeOfA) + (slopeOfB * slopeOfB) - (a * (a + coreRadius)) - (b * b / 4);
            double bend = (-coreRadius * (a + coreRadius)) + (s > 0 ? tubeRadius * ((squares / s) - (slopeOfS * slopeOfS / s)) : 0);
            (low, high) = slope > 0 ? (u, high) : (low, u);
            double next = u - (slope / bend);
            if (!(bend < 0 && next >= low && next <= high))
            {
                next = (low + high) / 2;
            }
            if (Math.Abs(next - u) < Converged)
            {
                return next;
            }
            u = next;
        }
        return u;
    }

    private double Value(double a, double b) => (coreRadius * a) + (tubeRadius * Math.Sqrt((a * a) + (b * b)));

    /// <summary>A, B and their derivatives by u.</summary>
    private (double A, double B, double SlopeOfA, double SlopeOfB) Along(
        ReadOnlySpan<double> x, (double Cosine, double Sine, double CosineOfHalf, double SineOfHalf) turn) => (
        (x[0] * turn.Cosine) + (x[1] * turn.Sine) - coreRadius,
        (x[2] * turn.CosineOfHalf) + (x[3] * turn.SineOfHalf),
        (x[1] * turn.Cosine) - (x[0] * turn.Sine),
        ((x[3] * turn.CosineOfHalf) - (x[2] * turn.SineOfHalf)) / 2);

    /// <summary>cos v and sin v.</summary>
    private static (double Cosine, double Sine) BestOfTube((double A, double B, double SlopeOfA, double SlopeOfB) along)
    {
        Span<double> unit = stackalloc double[2];
        FusedUnitVectors.Normalise([along.A, along.B], unit, 2);
        return (unit[0], unit[1]);
    }

    private static double Node(int i) => (2 * Math.PI * i / Nodes) - Math.PI;

    private static (double Cosine, double Sine, double CosineOfHalf, double SineOfHalf) Turn(double u)
    {
        (double sine, double cosine) = Math.SinCos(u / 2);
        return ((cosine * cosine) - (sine * sine), 2 * sine * cosine, cosine, sine);
    }
}
