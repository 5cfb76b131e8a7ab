using DiffusionVae.Data;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Distances of a periodic picture from its translates by real numbers of pixels, through its power spectrum.
/// </summary>
/// <remarks>
/// T_s multiplies the Fourier component k by m_k(s) = exp(-i k·s). Along an axis on which k is the Nyquist
/// frequency the factor is a cosine instead, so that pictures stay real. Hence |x - T_s x|² = Σ |x_k|² (1 +
/// |m_k|² - 2 Re m_k).
/// </remarks>
internal sealed class PictureTranslates
{
    private const int RowsAtOnce = 256;
    private readonly PowerSpectrum spectrum;
    private readonly Frequencies down;
    private readonly Frequencies across;

    /// <summary>Takes a picture, [height, width]. Its tensors belong to the caller's dispose scope.</summary>
    public PictureTranslates(Tensor picture)
    {
        spectrum = new PowerSpectrum(picture.to(ScalarType.Float64));
        SquaredLength = spectrum.Power.sum().item<double>();
        down = new Frequencies(spectrum.Down.squeeze(-1));
        across = new Frequencies(spectrum.Across);
    }

    /// <summary>|x|².</summary>
    public double SquaredLength { get; }

    /// <summary>log of the mean of exp(factor |x - T_s x|²) over a grid of steps² translations.</summary>
    public double LogMeanOfExponentials(int steps, double factor)
    {
        double total = double.NegativeInfinity;
        using Scalar scale = factor;
        for (int start = 0; start < steps; start += RowsAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            Tensor distances = SquaredDistances(Shifts(start, Math.Min(steps, start + RowsAtOnce), steps), Shifts(0, steps, steps));
            double part = distances.mul_(scale).flatten().logsumexp(0).item<double>();
            total = Math.Max(total, part) + double.Log(1 + Math.Exp(-Math.Abs(total - part)));
        }
        return total - (2 * Math.Log(steps));
    }

    /// <summary>The Fisher information of the translation, Σ_k |x_k|² k kᵀ / variance.</summary>
    public FisherInformation Information(double variance)
    {
        using var scope = torch.NewDisposeScope();
        (double a, double b, double c) = spectrum.SecondMoments(down.Slopes.unsqueeze(-1), across.Slopes);
        return new FisherInformation(a / variance, b / variance, c / variance);
    }

    /// <summary>|x - T_s x|² for shifts in radians, [down, across].</summary>
    private Tensor SquaredDistances(Tensor shiftsDown, Tensor shiftsAcross)
    {
        (Tensor cosDown, Tensor sinDown) = down.At(shiftsDown);
        (Tensor cosAcross, Tensor sinAcross) = across.At(shiftsAcross);
        Tensor real = Sum(cosDown, cosAcross) - Sum(sinDown, sinAcross);
        Tensor lengths = Sum(cosDown.Squared() + sinDown.Squared(), cosAcross.Squared() + sinAcross.Squared());
        return lengths - (2 * real) + SquaredLength;
    }

    private Tensor Sum(Tensor ofDown, Tensor ofAcross) =>
        torch.matmul(torch.matmul(ofDown, spectrum.Power), ofAcross.transpose(0, 1));

    private Tensor Shifts(int from, int to, int steps) =>
        torch.arange(from, to, dtype: ScalarType.Float64, device: spectrum.Power.device) * (2 * Math.PI / steps);

    /// <summary>The frequencies of one axis, in the order of the discrete Fourier transform.</summary>
    private sealed class Frequencies
    {
        private readonly Tensor all;
        private readonly Tensor notNyquist;

        public Frequencies(Tensor frequencies)
        {
            all = frequencies;
            notNyquist = (2 * all.abs()).ne((double)all.numel()).to(ScalarType.Float64);
        }

        /// <summary>
        /// The frequencies, with 0 instead of the Nyquist frequency, where the cosine has no slope.
        /// </summary>
        public Tensor Slopes => all * notNyquist;

        /// <summary>
        /// Real and imaginary part of exp(i k s), [shifts, frequencies]. The imaginary part is 0 at the
        /// Nyquist frequency.
        /// </summary>
        public (Tensor Cosine, Tensor Sine) At(Tensor shifts)
        {
            Tensor angles = shifts.unsqueeze(-1) * all;
            return (angles.cos(), angles.sin() * notNyquist);
        }
    }
}
