using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>The translates of a periodic picture (paper, section 4.2).</summary>
/// <remarks>
/// A translation by the angles (a, b) takes the picture x(θ, φ) to x(θ - a, φ - b). θ is the angle down and φ
/// the angle across; a period is 2π. Pixels are the values on an even grid. Between them the picture is
/// defined by trigonometric interpolation, in which a component at the Nyquist frequency is a cosine.
/// Translates are therefore exact for pictures of lower frequencies.
/// </remarks>
public sealed class PeriodicPicture : ImageFamily
{
    /// <summary>Components below this fraction of the largest are rounding errors of the transform.</summary>
    private const double Rounding = 1e-14;

    private readonly bool acrossOnly;
    private readonly PictureAxis down;
    private readonly PictureAxis across;
    private readonly Tensor spectrum;

    private PeriodicPicture(Tensor pixels, bool acrossOnly)
        : base(new FlatTorus(acrossOnly ? 1 : 2), ObservationShape.Image((int)pixels.size(0), (int)pixels.size(1)))
    {
        this.acrossOnly = acrossOnly;
        Pixels = pixels.DetachFromDisposeScope();
        Tensor half = torch.fft.rfft2(Pixels, norm: FFTNormType.Forward);
        Tensor present = half.abs().gt(half.abs().max() * Rounding);
        down = new PictureAxis(present.any(1), Shape.Height);
        across = new PictureAxis(present.any(0), Shape.Width);
        // A real picture has the conjugate of each component at the opposite frequency, except at 0 and at
        // the Nyquist frequency.
        Tensor both = across.Inside * across.Frequencies.ne(0) + 1;
        spectrum = (half.index_select(0, down.Indices).index_select(1, across.Indices) * both).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FactorNames => acrossOnly ? ["translation across"] : ["translation down", "translation across"];

    /// <summary>The picture, [height, width], float64.</summary>
    public Tensor Pixels { get; }

    /// <summary>Creates the translates of a picture in both directions, or in one.</summary>
    /// <param name="picture">[height, width], finite. The tensor is copied.</param>
    /// <param name="acrossOnly">Whether the picture is translated across only. The factors are then a circle,
    /// like those of an object on a turntable.</param>
    /// <exception cref="ArgumentException">The picture is not two-dimensional, or a pixel not
    /// finite.</exception>
    public static PeriodicPicture Create(Tensor picture, bool acrossOnly = false)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var scope = torch.NewDisposeScope();
        if (picture.dim() != 2 || picture.numel() == 0 || !picture.isfinite().all().item<bool>())
        {
            throw new ArgumentException("expected a picture of shape [height, width] with finite pixels", nameof(picture));
        }
        return new PeriodicPicture(picture.detach().to(ScalarType.Float64, copy: true), acrossOnly);
    }

    /// <summary>Creates the paper's simple picture cos θ + cos φ, divided by its largest value.</summary>
    /// <param name="size">Rows and columns, at least 3.</param>
    /// <param name="acrossOnly">Whether the picture is translated across only.</param>
    public static PeriodicPicture Simple(int size, bool acrossOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 3);
        using var scope = torch.NewDisposeScope();
        Tensor wave = Angles(size).cos();
        return Create(Scaled(wave.unsqueeze(-1) + wave), acrossOnly);
    }

    /// <summary>
    /// Creates a random picture of the paper: Re Σ γ^(|k|+|l|-1) a_kl exp(i(kθ + lφ)) over |k|, |l| ≤ N
    /// without the constant term, divided by its largest absolute value. Real and imaginary parts of a_kl are
    /// standard normal.
    /// </summary>
    /// <param name="frequencies">N, at least 1 and less than half the size.</param>
    /// <param name="discount">γ, above 0 and at most 1.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="generator">The random generator, on the CPU.</param>
    /// <param name="acrossOnly">Whether the picture is translated across only.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static PeriodicPicture Random(int frequencies, double discount, int size, Generator generator, bool acrossOnly = false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequencies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(size, 2 * frequencies);
        if (!(discount is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(discount), discount, "γ must be above 0 and at most 1.");
        }
        using var scope = torch.NewDisposeScope();
        long count = (2 * frequencies) + 1;
        Tensor parts = torch.randn([2, count, count], ScalarType.Float64, generator: generator);
        Tensor orders = torch.arange(-frequencies, frequencies + 1, dtype: ScalarType.Float64);
        Tensor weights = torch.pow(discount, orders.abs().unsqueeze(-1) + orders.abs() - 1);
        weights[frequencies, frequencies] = 0;
        Tensor angles = Angles(size).unsqueeze(-1) * orders;
        (Tensor cosine, Tensor sine) = (angles.cos(), angles.sin());
        (Tensor real, Tensor imaginary) = (parts[0] * weights, parts[1] * weights);
        // Re (a + ib)(c + is)(c' + is') = (a c - b s) c' - (a s + b c) s'.
        Tensor first = cosine.matmul(real) - sine.matmul(imaginary);
        Tensor second = sine.matmul(real) + cosine.matmul(imaginary);
        return Create(Scaled(first.matmul(cosine.t()) - second.matmul(sine.t())), acrossOnly);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The square root of the largest eigenvalue of Σ |x_k|² k kᵀ, which is the same for all translates.
    /// </remarks>
    public override double? LipschitzConstant
    {
        get
        {
            using var scope = torch.NewDisposeScope();
            var spectrum = new PowerSpectrum(Pixels);
            (double a, double b, double c) = spectrum.SecondMoments(spectrum.Down, spectrum.Across);
            return acrossOnly ? Math.Sqrt(c) : Math.Sqrt(((a + c) / 2) + double.Hypot((a - c) / 2, b));
        }
    }

    /// <inheritdoc/>
    public override Tensor Render(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        ScalarType complex = points.dtype == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;
        Tensor angles = FlatTorus.ToAngles(points);
        Tensor shifted = spectrum.to(complex, points.device) * across.Phases(angles.narrow(-1, angles.size(-1) - 1, 1)).unsqueeze(-2);
        if (!acrossOnly)
        {
            shifted.mul_(down.Phases(angles.narrow(-1, 0, 1)).unsqueeze(-1));
        }
        // Pictures have few frequencies, so a matrix product for each direction is less work than a Fourier
        // transform of every translate.
        Tensor columns = down.Waves.to(complex, points.device).matmul(shifted);
        Tensor waves = across.RealWaves.to(points.dtype, points.device);
        return torch.view_as_real(columns).flatten(-2, -1).matmul(waves).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    private static Tensor Angles(int size) => torch.arange(size, dtype: ScalarType.Float64) * (2 * Math.PI / size);

    private static Tensor Scaled(Tensor picture) => picture / picture.abs().max();
}
