using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>The translates of a periodic picture (paper, section 4.2).</summary>
/// <remarks>
/// A translation by the angles (a, b), 2π being a period, takes the picture x(θ, φ) to x(θ - a, φ - b), θ down and φ across. Pixels are the values on an
/// even grid; between them the picture is continued by trigonometric interpolation, a component at the Nyquist frequency as a cosine. Translates are thus
/// exact for pictures of lower frequencies.
/// </remarks>
public sealed class PeriodicPicture : ImageFamily
{
    /// <summary>Components of less than this share of the greatest are the rounding of the transform.</summary>
    private const double Rounding = 1e-14;

    private readonly bool acrossOnly;
    private readonly PictureAxis down;
    private readonly PictureAxis across;
    private readonly Tensor spectrum;

    private PeriodicPicture(Tensor pixels, bool acrossOnly)
        : base(new FlatTorus(acrossOnly ? 1 : 2), new ImageSize((int)pixels.size(0), (int)pixels.size(1)))
    {
        this.acrossOnly = acrossOnly;
        Pixels = pixels.DetachFromDisposeScope();
        Tensor half = torch.fft.rfft2(Pixels, norm: FFTNormType.Forward);
        Tensor present = half.abs().gt(half.abs().max() * Rounding);
        down = new PictureAxis(present.any(1), Size.Height);
        across = new PictureAxis(present.any(0), Size.Width);
        // A real picture has the other half of the frequencies across as well, conjugate to these; nought and the Nyquist frequency stand alone.
        Tensor both = across.Inside * across.Frequencies.ne(0) + 1;
        spectrum = (half.index_select(0, down.Indices).index_select(1, across.Indices) * both).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FactorNames => acrossOnly ? ["translation across"] : ["translation down", "translation across"];

    /// <summary>The picture itself, [height, width], float64.</summary>
    public Tensor Pixels { get; }

    /// <summary>The translates of a picture in both directions, or in one.</summary>
    /// <param name="picture">[height, width], finite; copied.</param>
    /// <param name="acrossOnly">Only across: the factors are a circle, as of an object on a turntable.</param>
    /// <exception cref="ArgumentException">The picture is not two-dimensional, or a pixel not finite.</exception>
    public static PeriodicPicture Of(Tensor picture, bool acrossOnly = false)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var scope = torch.NewDisposeScope();
        if (picture.dim() != 2 || picture.numel() == 0 || !picture.isfinite().all().item<bool>())
        {
            throw new ArgumentException("expected a picture of shape [height, width] with finite pixels", nameof(picture));
        }
        return new PeriodicPicture(picture.detach().to(ScalarType.Float64, copy: true), acrossOnly);
    }

    /// <summary>The paper's simple picture cos θ + cos φ, divided by its greatest value.</summary>
    /// <param name="size">Rows and columns, at least 3.</param>
    /// <param name="acrossOnly">Translated across only.</param>
    public static PeriodicPicture Simple(int size, bool acrossOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 3);
        using var scope = torch.NewDisposeScope();
        Tensor wave = Angles(size).cos();
        return Of(Scaled(wave.unsqueeze(-1) + wave), acrossOnly);
    }

    /// <summary>
    /// A random picture of the paper's: Re Σ γ^(|k|+|l|-1) a_kl exp(i(kθ + lφ)) over |k|, |l| ≤ N, real and imaginary parts of a_kl standard
    /// normal; without the constant term, and divided by its largest absolute value.
    /// </summary>
    /// <param name="frequencies">N, at least 1 and less than half the size.</param>
    /// <param name="discount">γ, above 0 and at most 1.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="generator">The source of the coefficients, on the processor.</param>
    /// <param name="acrossOnly">Translated across only.</param>
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
        return Of(Scaled(first.matmul(cosine.t()) - second.matmul(sine.t())), acrossOnly);
    }

    /// <inheritdoc/>
    /// <remarks>The root of the greatest eigenvalue of Σ |x_k|² k kᵀ, the same for all translates.</remarks>
    public override double? LipschitzConstant
    {
        get
        {
            using var scope = torch.NewDisposeScope();
            Tensor power = torch.fft.fft2(Pixels).abs().Squared() / Pixels.numel();
            Tensor down = torch.fft.fftfreq(Size.Height, 1.0 / Size.Height, ScalarType.Float64).unsqueeze(-1);
            Tensor across = torch.fft.fftfreq(Size.Width, 1.0 / Size.Width, ScalarType.Float64);
            double Sum(Tensor products) => (power * products).sum().item<double>();
            (double a, double b, double c) = (acrossOnly ? 0 : Sum(down.Squared()), acrossOnly ? 0 : Sum(down * across), Sum(across.Squared()));
            return Math.Sqrt(((a + c) / 2) + double.Hypot((a - c) / 2, b));
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
        // A matrix product for each direction: pictures have few frequencies, and that is less work than the Fourier transform of every translate.
        Tensor columns = down.Waves.to(complex, points.device).matmul(shifted);
        Tensor waves = across.RealWaves.to(points.dtype, points.device);
        return torch.view_as_real(columns).flatten(-2, -1).matmul(waves).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    private static Tensor Angles(int size) => torch.arange(size, dtype: ScalarType.Float64) * (2 * Math.PI / size);

    private static Tensor Scaled(Tensor picture) => picture / picture.abs().max();
}
