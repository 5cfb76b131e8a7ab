using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public sealed class RingTorusDivergenceTableTests
{
    private static readonly RingTorusHeatKernel Kernel = new();
    private static readonly RingTorusDivergenceTable Table = Kernel.DivergenceTable;

    [Fact]
    public void Agrees_with_the_kernel_everywhere()
    {
        var random = new Random(20);
        for (int i = 0; i < 400; i++)
        {
            double logTime = Table.Start + ((Table.End - Table.Start) * random.NextDouble());
            double u = 2 * Math.PI * random.NextDouble();
            Assert.Equal(Kernel.LogDivergence(Math.Exp(logTime), u), Table.LogDivergence(logTime, u), 1e-7);
        }
    }

    [Theory]
    [InlineData(3, 0.05)]
    [InlineData(3, 1.2)]
    public void Serves_other_tori(double core, double tube)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        var table = new RingTorusDivergenceTable(kernel, -3, 2);
        for (double logTime = -3; logTime <= 2; logTime += 0.17)
        {
            foreach (double u in new[] { 0.1, 1.9, Math.PI })
            {
                Assert.Equal(kernel.Divergence(Math.Exp(logTime), u), table.Divergence(logTime, u), 1e-6);
            }
        }
    }

    [Fact]
    public void Has_the_slopes_of_the_kernel()
    {
        const double H = 1e-2;
        for (double logTime = -13.7; logTime <= 3; logTime += 0.61)
        {
            foreach (double u in new[] { 0.4, 1.7, 2.8 })
            {
                double inTime = Slope(x => Kernel.Divergence(Math.Exp(logTime + x), u)) - Slope(x => Table.Divergence(logTime + x, u));
                double inAngle = Slope(x => Kernel.Divergence(Math.Exp(logTime), u + x)) - Slope(x => Table.Divergence(logTime, u + x));
                Assert.InRange(inTime, -1e-4, 1e-4);
                Assert.InRange(inAngle, -1e-5, 1e-5);
            }
        }

        static double Slope(Func<double, double> f) => (f(H) - f(-H)) / (2 * H);
    }

    [Fact]
    public void Is_built_once_by_the_kernel() => Assert.Same(Kernel.DivergenceTable, Kernel.DivergenceTable);

    [Fact]
    public void Hardly_jumps_between_cells()
    {
        for (int cell = 1; cell < Table.Cells; cell++)
        {
            double border = Table.Start + (cell * RingTorusDivergenceTable.Step);
            foreach (double u in new[] { 0.5, 2.9 })
            {
                double jump = Table.LogDivergence(border + 1e-9, u) - Table.LogDivergence(border - 1e-9, u);
                Assert.InRange(jump, -4e-7, 4e-7);
            }
        }
    }

    [Fact]
    public void Read_in_single_precision_is_right_and_never_negative()
    {
        float[] coefficients = [.. Table.Coefficients.ToArray().Select(c => (float)c)];
        for (double logTime = -13.8; logTime <= 6.9; logTime += 0.0371)
        {
            foreach (double u in new[] { 0, 0.7, 1.8, 3 })
            {
                float divergence = InSinglePrecision(coefficients, (float)logTime, (float)Math.Cos(u));
                double expected = Kernel.Divergence(Math.Exp((float)logTime), u);
                bool right = divergence >= 0 && Math.Abs(divergence - expected) < 1e-5;
                Assert.True(right, $"log t = {logTime}, u = {u}: {divergence} against {expected}");
            }
        }
    }

    [Fact]
    public void Refuses_what_is_outside()
    {
        Assert.Throws<ArgumentOutOfRangeException>("logTime", () => Table.Divergence(Table.End + 0.01, 0));
        Assert.Throws<ArgumentOutOfRangeException>("logTime", () => Table.Divergence(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>("end", () => new RingTorusDivergenceTable(Kernel, 1, 1));
        Assert.Throws<ArgumentNullException>("kernel", () => new RingTorusDivergenceTable(null!));
    }

    /// <summary>The recipe in the table's documentation, as tensor code would follow it.</summary>
    private static float InSinglePrecision(float[] coefficients, float logTime, float cosine)
    {
        float y = (logTime - (float)Table.Start) / (float)RingTorusDivergenceTable.Step;
        int cell = Math.Min((int)y, Table.Cells - 1);
        float x = y - cell - 0.5f;
        float sum = 0;
        for (int power = RingTorusDivergenceTable.Degree; power >= 0; power--)
        {
            int offset = ((cell * (RingTorusDivergenceTable.Degree + 1)) + power) * Table.Modes;
            (float current, float next) = (1, cosine);
            float series = 0;
            for (int mode = 0; mode < Table.Modes; mode++)
            {
                series += coefficients[offset + mode] * current;
                (current, next) = (next, (2 * cosine * next) - current);
            }

            sum = (sum * x) + series;
        }

        return MathF.Exp(sum);
    }
}
