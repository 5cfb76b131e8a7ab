namespace DiffusionVae.Tests.HeatKernels;

/// <summary>Central differences of order eight.</summary>
internal static class FiniteDifferences
{
    public static double First(Func<double, double> f, double x, double h) =>
        ((4.0 / 5 * (f(x + h) - f(x - h)))
        - (1.0 / 5 * (f(x + (2 * h)) - f(x - (2 * h))))
        + (4.0 / 105 * (f(x + (3 * h)) - f(x - (3 * h))))
        - (1.0 / 280 * (f(x + (4 * h)) - f(x - (4 * h))))) / h;

    public static double Second(Func<double, double> f, double x, double h) =>
        ((-205.0 / 72 * f(x))
        + (8.0 / 5 * (f(x + h) + f(x - h)))
        - (1.0 / 5 * (f(x + (2 * h)) + f(x - (2 * h))))
        + (8.0 / 315 * (f(x + (3 * h)) + f(x - (3 * h))))
        - (1.0 / 560 * (f(x + (4 * h)) + f(x - (4 * h))))) / (h * h);
}
