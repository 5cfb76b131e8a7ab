using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public class DivergenceTableTests
{
    public static TheoryData<string> Names => ["sphere:1", "sphere:2", "sphere:3", "sphere:10", "projective:2", "projective:10", "so3"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Table_agrees_with_the_divergence(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        DivergenceTable table = kernel.DivergenceTable;
        Assert.Equal(Math.Log(1e-6), table.Start, 1e-12);
        Assert.Equal(Math.Log(1e3), table.End, 1e-12);
        for (double logTime = table.Start; logTime < table.End; logTime += 0.2137)
        {
            double exact = kernel.Divergence(Math.Exp(logTime));
            Assert.True(Math.Abs(
                table.Divergence(logTime) - exact) <= 1e-8 * exact, $"at {logTime}: {table.Divergence(logTime)}, exactly {exact}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Slope_is_minus_half_the_Fisher_information(string name)
    {
        // De Bruijn's identity: dKL/dt = -E[(d log q / dr)^2] / 2.
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach (double logTime in new[] { -13, -7.3, -3, -1.1, 0, 1.2 })
        {
            double time = Math.Exp(logTime);
            double step = 0.02 * Math.Min(Math.Sqrt(time), kernel.Radius);
            double information = KernelSamples.Integrate(kernel, time, r => Math.Exp(kernel.LogDensity(time, r)) * Math.Pow(Score(r), 2));
            Assert.Equal(1, kernel.DivergenceTable.Slope(logTime) / (-time * information / 2), 1e-6);

            // Reflected at both ends, the density goes on smoothly.
            double Score(double distance) => FiniteDifferences.First(r => kernel.LogDensityRatio(time, Reflect(r)), distance, step);
            double Reflect(double r) => Math.Abs(r) > kernel.Diameter ? (2 * kernel.Diameter) - Math.Abs(r) : Math.Abs(r);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Horner_in_single_precision_is_as_good_as_its_log_time(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        DivergenceTable table = kernel.DivergenceTable;
        float[] coefficients = [.. table.CopyCoefficients().Select(c => (float)c)];
        Assert.Equal(table.Cells * (DivergenceTable.Degree + 1), coefficients.Length);
        for (float logTime = -13.8f; logTime < 6.9f; logTime += 0.173f)
        {
            double exact = kernel.Divergence(Math.Exp(logTime));
            if (exact < 1e-10)
            {
                break;
            }

            (float value, float slope) = Horner(table, coefficients, logTime);
            double exactSlope = table.Slope(logTime);

            // Rounding log t - Start moves the argument by a unit of 1e-6, which the relative slope turns
            // into an error.
            double tolerance = 4e-6 * (1 + Math.Abs(exactSlope / exact));
            Assert.True(Math.Abs(value - exact) < tolerance * exact, $"at {logTime}: {value}, exactly {exact}");
            Assert.True(Math.Abs(slope - exactSlope) < 10 * tolerance * Math.Abs(
                exactSlope), $"at {logTime}: slope {slope}, exactly {exactSlope}");
        }
    }

    [Fact]
    public void Value_slope_and_curvature_are_continuous()
    {
        DivergenceTable table = KernelSamples.Named("sphere:2").DivergenceTable;
        double[] c = table.CopyCoefficients();
        for (int cell = 0; cell + 1 < table.Cells; cell++)
        {
            ReadOnlySpan<double> left = c.AsSpan(cell * 6, 6);
            ReadOnlySpan<double> right = c.AsSpan((cell + 1) * 6, 6);
            double scale = 1 + Math.Abs(right[0]);
            Assert.Equal(right[0], left[0] + left[1] + left[2] + left[3] + left[4] + left[5], 1e-13 * scale);
            Assert.Equal(right[1], left[1] + (2 * left[2]) + (3 * left[3]) + (4 * left[4]) + (5 * left[5]), 1e-13 * scale);
            Assert.Equal(2 * right[2], (2 * left[2]) + (6 * left[3]) + (12 * left[4]) + (20 * left[5]), 1e-12 * scale);
        }
    }

    [Fact]
    public void Any_function_of_log_time_can_be_tabulated()
    {
        var table = new DivergenceTable(x => 2 - (x * x), 0.1, 10);
        Assert.Equal(Math.Exp(2 - 0.25), table.Divergence(0.5), 1e-10);
        Assert.Equal(-Math.Exp(2 - 0.25), table.Slope(0.5), 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>("logTime", () => table.LogDivergence(3));
        Assert.Throws<ArgumentOutOfRangeException>("longestTime", () => new DivergenceTable(x => x, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("shortestTime", () => new DivergenceTable(x => x, 0, 1));
    }

    private static (float Value, float Slope) Horner(DivergenceTable table, float[] coefficients, float logTime)
    {
        float position = (logTime - (float)table.Start) / (float)table.Step;
        int cell = Math.Min((int)position, table.Cells - 1);
        float u = position - cell;
        float value = 0;
        float slope = 0;
        for (int k = DivergenceTable.Degree; k >= 0; k--)
        {
            slope = (slope * u) + value;
            value = (value * u) + coefficients[(cell * (DivergenceTable.Degree + 1)) + k];
        }

        return (MathF.Exp(value), MathF.Exp(value) * slope / (float)table.Step);
    }
}
