namespace DiffusionVae.Tests.HeatKernels;

/// <summary>
/// The divergence on the ring torus computed another way: finite volumes in u, stepped in time by Runge-Kutta
/// from a point mass, for every Fourier mode in v, and extrapolated to a vanishing grid width. No eigenvalue,
/// no rescaling and no quotient of the torus is involved.
/// </summary>
internal static class RingTorusFiniteVolumes
{
    /// <summary>
    /// KL in nats at u = 2 pi quarter / 4, from three grids whose sizes are proportional to 3, 4 and 6.
    /// </summary>
    public static double Divergence(double core, double tube, double time, int quarter, int quarterPoints)
    {
        double[] sizes = [3, 4, 6];
        double[] values = [.. sizes.Select(size => OnGrid(core, tube, time, quarter, (int)size * quarterPoints))];
        double sum = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            double weight = 1;
            foreach (double other in sizes.Where(other => other != sizes[i]))
            {
                // The error is a series in the squared grid width: Lagrange's weights at width zero.
                weight *= sizes[i] * sizes[i] / ((sizes[i] * sizes[i]) - (other * other));
            }

            sum += weight * values[i];
        }

        return sum;
    }

    private static double OnGrid(double core, double tube, double time, int quarter, int quarterPoints)
    {
        int points = 4 * quarterPoints;
        double h = 2 * Math.PI / points;
        int waves = (int)Math.Ceiling((core + tube) * Math.Sqrt(75 / time));
        var modes = new double[waves + 1][];
        for (int k = 0; k <= waves; k++)
        {
            modes[k] = Mode(core, tube, time, k, points, quarter * quarterPoints);
        }

        int columns = 24 + (3 * waves / 2);
        double[][] cosines =
        [
            .. Enumerable.Range(0, columns).Select(
                j => Enumerable.Range(0, waves + 1).Select(k => Math.Cos(k * Math.PI * (j + 0.5) / columns)).ToArray()),
        ];
        double divergence = 0;
        double volume = 4 * Math.PI * Math.PI * core * tube;
        for (int i = 0; i < points; i++)
        {
            double cell = tube * (core + (tube * Math.Cos(i * h))) * h * 2 * Math.PI / columns;
            for (int j = 0; j < columns; j++)
            {
                double density = 0;
                for (int k = 0; k <= waves; k++)
                {
                    density += (k == 0 ? 1 : 2) * modes[k][i] * cosines[j][k];
                }

                density /= 2 * Math.PI;
                divergence += density > 0 ? cell * density * Math.Log(density * volume) : 0;
            }
        }

        return divergence;
    }

    /// <summary>Steps dp/dt = ((w p')' / w / r^2 - (k/w)^2 p) / 2 from a unit mass in one cell.</summary>
    private static double[] Mode(double core, double tube, double time, int k, int points, int source)
    {
        double h = 2 * Math.PI / points;
        double Width(double index) => core + (tube * Math.Cos(index * h));
        var below = new double[points];
        var above = new double[points];
        var decay = new double[points];
        for (int i = 0; i < points; i++)
        {
            below[i] = Width(i - 0.5) / Width(i) / (2 * tube * tube * h * h);
            above[i] = Width(i + 0.5) / Width(i) / (2 * tube * tube * h * h);
            decay[i] = k * k / (2 * Width(i) * Width(i));
        }

        double[] Rate(double[] p)
        {
            var rate = new double[points];
            for (int i = 0; i < points; i++)
            {
                double left = p[i == 0 ? points - 1 : i - 1] - p[i];
                double right = p[i == points - 1 ? 0 : i + 1] - p[i];
                rate[i] = (below[i] * left) + (above[i] * right) - (decay[i] * p[i]);
            }

            return rate;
        }

        double stiffness = (2 * (below.Max() + above.Max())) + decay.Max();
        int steps = (int)Math.Ceiling(time * stiffness / 1.3);
        double step = time / steps;
        var p = new double[points];
        p[source] = 1 / (tube * h * Width(source));
        for (int n = 0; n < steps; n++)
        {
            double[] k1 = Rate(p);
            double[] k2 = Rate(Plus(p, step / 2, k1));
            double[] k3 = Rate(Plus(p, step / 2, k2));
            double[] k4 = Rate(Plus(p, step, k3));
            for (int i = 0; i < points; i++)
            {
                p[i] += step / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]);
            }
        }

        return p;
    }

    private static double[] Plus(double[] p, double step, double[] rate)
    {
        var sum = new double[p.Length];
        for (int i = 0; i < p.Length; i++)
        {
            sum[i] = p[i] + (step * rate[i]);
        }

        return sum;
    }
}
