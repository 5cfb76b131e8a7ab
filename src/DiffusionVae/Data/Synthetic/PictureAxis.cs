namespace DiffusionVae.Data;

/// <summary>The frequencies that occur in a periodic picture along one side.</summary>
internal sealed class PictureAxis
{
    /// <summary>Selects frequencies of a side.</summary>
    /// <param name="present">Whether each frequency occurs, in the order of a discrete Fourier transform or
    /// of its first half.</param>
    /// <param name="size">The number of pixels of the side.</param>
    public PictureAxis(Tensor present, int size)
    {
        using var scope = torch.NewDisposeScope();
        Indices = present.nonzero().flatten().DetachFromDisposeScope();
        // The second half of the transform holds the negative frequencies.
        Frequencies = Indices.where(Indices * 2 <= size, Indices - size).to(ScalarType.Float64).DetachFromDisposeScope();
        Inside = (Frequencies * 2).ne((double)size).to(ScalarType.Float64).DetachFromDisposeScope();
        Tensor angles = torch.arange(size, dtype: ScalarType.Float64).unsqueeze(-1) * Frequencies * (2 * Math.PI / size);
        Waves = torch.complex(angles.cos(), angles.sin()).DetachFromDisposeScope();
        RealWaves = torch.stack([angles.cos(), -angles.sin()], -1).flatten(1).t().contiguous().DetachFromDisposeScope();
    }

    /// <summary>The positions of the frequencies in the transform, [count].</summary>
    public Tensor Indices { get; }

    /// <summary>The frequencies k in periods per picture, [count], float64.</summary>
    public Tensor Frequencies { get; }

    /// <summary>0 at the Nyquist frequency and 1 elsewhere, [count], float64.</summary>
    public Tensor Inside { get; }

    /// <summary>exp(ikθ) at the pixels, [size, count], complex.</summary>
    public Tensor Waves { get; }

    /// <summary>
    /// The matrix that turns real and imaginary parts of z into Re z exp(ikθ) at the pixels, [2 count, size].
    /// </summary>
    public Tensor RealWaves { get; }

    /// <summary>
    /// exp(-ika), the factor of each component under a translation by the angle a. At the Nyquist frequency
    /// it is the real part alone, so that pictures stay real.
    /// </summary>
    /// <param name="angles">[..., 1]</param>
    /// <returns>[..., count], complex.</returns>
    public Tensor Phases(Tensor angles)
    {
        Tensor turns = angles * Frequencies.to(angles.dtype, angles.device);
        return torch.complex(turns.cos(), -turns.sin() * Inside.to(angles.dtype, angles.device));
    }
}
