namespace DiffusionVae.Evaluation;

/// <summary>Distances of a periodic picture from its translates by real numbers of pixels, through its power spectrum.</summary>
/// <remarks>
/// T_s multiplies the Fourier component k by m_k(s) = exp(-i k·s), with a cosine in its place along an axis on which k is the Nyquist frequency, so
/// that pictures stay real. Hence |x - T_s x|² = Σ |x_k|² (1 + |m_k|² - 2 Re m_k).
/// </remarks>
internal sealed class PictureTranslates
{
    private const int RowsAtOnce = 256;
    private readonly Tensor power;
    private readonly Frequencies down;
    private readonly Frequencies across;

    /// <summary>Takes a picture [height, width]; what it computes belongs to the caller's dispose scope.</summary>
    public PictureTranslates(Tensor picture)
    {
        power = torch.fft.fft2(picture.to(ScalarType.Float64)).abs().Squared() / picture.numel();
        SquaredLength = power.sum().item<double>();
        down = new Frequencies(picture.size(0), picture.device);
        across = new Frequencies(picture.size(1), picture.device);
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

    /// <summary>Σ_k |x_k|² k_a k_b / variance: what the picture tells of its translation, in radians.</summary>
    public double[,] Information(double variance)
    {
        using var scope = torch.NewDisposeScope();
        Tensor vertical = down.Slopes.unsqueeze(-1), horizontal = across.Slopes;
        double mixed = Weighted(vertical * horizontal);
        return new[,] { { Weighted(vertical.Squared()), mixed }, { mixed, Weighted(horizontal.Squared()) } };

        double Weighted(Tensor products) => (power * products).sum().item<double>() / variance;
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

    private Tensor Sum(Tensor ofDown, Tensor ofAcross) => torch.matmul(torch.matmul(ofDown, power), ofAcross.transpose(0, 1));

    private Tensor Shifts(int from, int to, int steps) =>
        torch.arange(from, to, dtype: ScalarType.Float64, device: power.device) * (2 * Math.PI / steps);

    /// <summary>The frequencies of one axis, in the order of the discrete Fourier transform.</summary>
    private sealed class Frequencies
    {
        private readonly Tensor whole;
        private readonly Tensor odd;

        public Frequencies(long count, Device device)
        {
            whole = torch.fft.fftfreq(count, 1.0 / count, dtype: ScalarType.Float64, device: device).round();
            odd = (2 * whole.abs()).ne((double)count).to(ScalarType.Float64);
        }

        /// <summary>The frequencies; 0 for Nyquist's, at which a cosine has no slope.</summary>
        public Tensor Slopes => whole * odd;

        /// <summary>Real and imaginary part of exp(i k s), [shifts, frequencies]; no imaginary part at Nyquist's frequency.</summary>
        public (Tensor Cosine, Tensor Sine) At(Tensor shifts)
        {
            Tensor angles = shifts.unsqueeze(-1) * whole;
            return (angles.cos(), angles.sin() * odd);
        }
    }
}
