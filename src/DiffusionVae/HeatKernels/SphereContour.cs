using System.Numerics;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of the unit sphere S^d for short times. Its logarithm is accurate to nearly all digits at
/// every distance.
/// </summary>
/// <remarks>
/// <para>
/// Let Θ(a) = Σ_k s^k exp(-(a + 2πk)² / (2t)) / √(2πt), regarded as a function of z = cos a. Here s = 1 for
/// odd d, which is the heat kernel of the circle, and s = -1 for even d. As a function of x = cos a, the
/// recursion K_{d+2} = -exp(d t / 2) / (2π sin a) dK_d / da is a plain derivative. Hence the kernel is a
/// derivative of order ν = (d - 1) / 2, <c>K_d = exp(ν² t / 2) (2π)^(-ν) D^ν Θ</c>; for even d it is the
/// fractional one of Riemann and Liouville that starts at x = -1. By Cauchy's formula, D^ν Θ is <c>Γ(ν + 1) /
/// (2πi)</c> times the integral of <c>Θ(z) (z - x)^(-ν-1)</c> around the segment from -1 to x. For even d
/// both factors change sign around -1 but their product does not: the contour may be closed for every d.
/// </para>
/// <para>
/// The contour is the ellipse with foci -1 and x that cuts the real axis at the saddle point x + r. Θ,
/// divided by √(1 + z) for even d, has only positive Taylor coefficients at -1: they are values of heat
/// kernels at the antipode. On the ellipse |1 + z| and |z - x| are linear in the cosine of its parameter.
/// Hence the integrand is largest at the saddle point, nothing cancels, and the trapezoidal rule converges
/// geometrically. For the choice of a well-conditioned contour see F. Bornemann, Accuracy and stability of
/// computing high-order derivatives of analytic functions by Cauchy integrals, Found. Comput. Math. 11 (2011)
/// 1-63.
/// </para>
/// </remarks>
internal sealed class SphereContour
{
    /// <summary>
    /// Terms of the integrand, and images, that are below this fraction of the largest are left out.
    /// </summary>
    private const double Negligible = 1e-17;

    private readonly int dimension;
    private readonly double order;
    private readonly int sign;

    public SphereContour(int dimension)
    {
        this.dimension = dimension;
        order = (dimension - 1) / 2.0;
        sign = int.IsEvenInteger(dimension) ? -1 : 1;
    }

    /// <summary>
    /// log(K_d Vol(S^d)) for times up to about 2. Later times would need more images than are summed here.
    /// </summary>
    public double LogRatio(double time, double angle)
    {
        double cosineHalf = Math.Cos(angle / 2);
        double sineHalf = Math.Sin(angle / 2);
        var point = new Point(time, cosineHalf * cosineHalf, sineHalf * sineHalf);
        double r = Saddle(point);
        (double logPeak, double mean) = IntegrateOverEllipse(point, r);

        // Vol(S^d) Γ(ν + 1) (2π)^(-ν) = 2π 2^(-ν).
        return Math.Log(mean) + logPeak + (order * ((order * time / 2) - Math.Log(2))) + (0.5 * Math.Log(2 * Math.PI / time));
    }

    /// <summary>
    /// The r where Θ(x + r) r^(-ν-1/2) is smallest: r = (ν + 1/2) / (log Θ)'(x + r), solved by a contracting
    /// iteration. A few per cent are accurate enough, since any contour gives the same integral.
    /// </summary>
    private double Saddle(Point point)
    {
        const double tolerance = 0.02;
        const int mostIterations = 12;
        double power = dimension / 2.0;
        double r = power * point.Time;
        for (int i = 0; i < mostIterations; i++)
        {
            double next = power / LogarithmicSlope(point, r);
            bool settled = Math.Abs(next - r) < tolerance * r;
            r = next;
            if (settled)
            {
                break;
            }
        }
        return r;
    }

    /// <summary>d log Θ / dz at z = x + r, from the two nearest images.</summary>
    private double LogarithmicSlope(Point point, double r)
    {
        double sineSquared = point.SineHalfSquared - (r / 2);
        double cosine = Math.Sqrt(point.CosineHalfSquared + (r / 2));
        double sine = Math.Sqrt(Math.Abs(sineSquared));
        if (sine < 1e-12)
        {
            return 1 / point.Time;
        }
        if (sineSquared < 0)
        {
            return Math.Asinh(sine) / (sine * cosine * point.Time);
        }
        double fromAntipode = 2 * Math.Atan2(cosine, sine);
        double balance = Math.Tanh(Math.PI * fromAntipode / point.Time);
        return ((Math.PI * (sign > 0 ? balance : 1 / balance)) - fromAntipode) / (2 * sine * cosine * point.Time);
    }

    /// <summary>
    /// The mean of Θ(z) (z - x)^(-ν-1) dz / (i dφ) over the ellipse z = x + r - A (1 - cos φ) + i B sin φ,
    /// without the constant of Θ. It is returned as the logarithm of the integrand at φ = 0, without its
    /// images, and a factor.
    /// </summary>
    private (double LogPeak, double Mean) IntegrateOverEllipse(Point point, double r)
    {
        double longAxis = point.CosineHalfSquared + r;
        double shortAxis = Math.Sqrt(r * ((2 * point.CosineHalfSquared) + r));
        int steps = (int)Math.Ceiling(Math.PI / Step(point, r));
        (Complex exponentAtPeak, Complex imagesAtPeak) = Theta(point, r);
        double sum = imagesAtPeak.Real / 2;
        int negligible = 0;
        for (int j = 1; j <= steps && negligible < 3; j++)
        {
            (double halfSine, double halfCosine) = Math.SinCos(Math.PI * j / (2 * steps));
            double sine = 2 * halfSine * halfCosine;
            double fall = 2 * halfSine * halfSine;
            var offset = new Complex(r - (longAxis * fall), shortAxis * sine);
            (Complex exponent, Complex images) = Theta(point, offset);
            Complex term = Complex.Exp(exponent - exponentAtPeak - ((order + 1) * Complex.Log(offset / r)))
                * images * new Complex(1 - fall, longAxis / shortAxis * sine);
            sum += j == steps ? term.Real / 2 : term.Real;

            // Θ may pass close to a zero, so that one small term proves nothing; three in a row do.
            negligible = Complex.Abs(term) < Negligible * imagesAtPeak.Real ? negligible + 1 : 0;
        }
        return (exponentAtPeak.Real - ((order + 1) * Math.Log(r)) + Math.Log(shortAxis), sum / steps);
    }

    /// <summary>
    /// A step of the trapezoidal rule whose error is below the rounding error of doubles. Around the saddle
    /// the integrand is like a Gaussian of standard deviation √(r / (d (h + r))) with h = (1 + x) / 2, which
    /// needs a step of 0.45 of that. The pole at z = x is √(2r / h) off the path, which needs 1 / 6.8 of
    /// that, since exp(-2π 6.8) is below the rounding error.
    /// </summary>
    private double Step(Point point, double r)
    {
        double deviation = Math.Sqrt(r / (dimension * (point.CosineHalfSquared + r)));
        return deviation * Math.Min(0.45, Math.Sqrt(2.0 * dimension) / 6.8);
    }

    /// <summary>
    /// Θ √(2πt) at z = x + offset: the exponent -a² / (2t) of its main image, and the sum of all images
    /// relative to that.
    /// </summary>
    private (Complex Exponent, Complex Images) Theta(Point point, Complex offset)
    {
        Complex sineSquared = point.SineHalfSquared - (offset / 2);
        Complex angle;
        Complex angleSquared;
        if (Complex.Abs(sineSquared) < SquaredArcsine.Radius)
        {
            angleSquared = 4 * SquaredArcsine.At(sineSquared);
            angle = Complex.Sqrt(angleSquared);
        }
        else
        {
            // cos(a/2) + i sin(a/2) = exp(i a/2). The root of the cosine stays in the first quadrant, so that
            // Θ is continuous.
            Complex cosine = Complex.Sqrt(point.CosineHalfSquared + (offset / 2));
            Complex logarithm = Complex.Log(cosine + (Complex.ImaginaryOne * Complex.Sqrt(sineSquared)));
            angle = new Complex(2 * logarithm.Imaginary, -2 * logarithm.Real);
            angleSquared = angle * angle;
        }
        return (-angleSquared / (2 * point.Time), Images(point.Time, angle));
    }

    private Complex Images(double time, Complex angle)
    {
        const double turn = 2 * Math.PI;
        Complex sum = Complex.One;
        if (turn * (Math.PI - angle.Real) / time > -Math.Log(Negligible))
        {
            return sum;
        }
        for (int k = 1; k <= 2; k++)
        {
            Complex forward = Complex.Exp(-turn * k * ((Math.PI * k) + angle) / time);
            Complex backward = Complex.Exp(-turn * k * ((Math.PI * k) - angle) / time);
            sum += (k == 1 ? sign : 1) * (forward + backward);
        }
        return sum;
    }

    /// <summary>
    /// Where the kernel is evaluated: the time, (1 + x) / 2 and (1 - x) / 2. Both halves are computed without
    /// cancellation.
    /// </summary>
    private readonly record struct Point(double Time, double CosineHalfSquared, double SineHalfSquared);
}
