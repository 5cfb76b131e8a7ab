namespace DiffusionVae.Data;

/// <summary>
/// The power spectrum of a picture and its frequencies, in the order of the discrete Fourier transform.
/// </summary>
/// <remarks>Its tensors belong to the caller's dispose scope.</remarks>
internal sealed class PowerSpectrum
{
    /// <summary>Computes the spectrum of a picture, [height, width], float64.</summary>
    public PowerSpectrum(Tensor picture)
    {
        Power = torch.fft.fft2(picture).abs().Squared() / picture.numel();
        Down = Frequencies(picture.size(0), picture.device).unsqueeze(-1);
        Across = Frequencies(picture.size(1), picture.device);
    }

    /// <summary>|x_k|², [height, width].</summary>
    public Tensor Power { get; }

    /// <summary>The frequencies down, in periods per picture, [height, 1].</summary>
    public Tensor Down { get; }

    /// <summary>The frequencies across, in periods per picture, [width].</summary>
    public Tensor Across { get; }

    /// <summary>The second moments Σ_k |x_k|² k kᵀ of the spectrum.</summary>
    /// <param name="down">The frequencies down to use for k, [height, 1].</param>
    /// <param name="across">The frequencies across to use for k, [width].</param>
    public (double Down, double Mixed, double Across) SecondMoments(Tensor down, Tensor across)
    {
        return (Sum(down.Squared()), Sum(down * across), Sum(across.Squared()));

        double Sum(Tensor products) => (Power * products).sum().item<double>();
    }

    private static Tensor Frequencies(long count, Device device) =>
        torch.fft.fftfreq(count, 1.0 / count, ScalarType.Float64, device: device).round();
}
