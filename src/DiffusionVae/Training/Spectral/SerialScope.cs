namespace DiffusionVae.Training;

/// <summary>
/// A part of the program in which libtorch has one thread, so that the bits of its results do not depend on
/// how many there are. Work of many independent parts is shared by <see cref="Workers"/>.
/// </summary>
internal sealed class SerialScope : IDisposable
{
    private readonly int threads = torch.get_num_threads();

    /// <summary>Takes libtorch's threads.</summary>
    public SerialScope() => torch.set_num_threads(1);

    /// <summary>-2, held: a number that only a call holds may be freed while the call runs.</summary>
    public Scalar MinusTwo { get; } = -2;

    /// <summary>Infinity, held likewise.</summary>
    public Scalar Infinity { get; } = float.PositiveInfinity;

    /// <summary>Does all parts of some work, each in a dispose scope of its own and without
    /// gradients.</summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="part">Does one; what it leaves behind must be its own.</param>
    public void ForEach(int parts, Action<int> part)
    {
        torch.set_num_threads(threads);
        try
        {
            Workers.Run(parts, i =>
            {
                using var scope = torch.NewDisposeScope();
                using var frozen = torch.no_grad();
                part(i);
            });
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }

    /// <summary>Gives libtorch its threads back.</summary>
    public void Dispose()
    {
        torch.set_num_threads(threads);
        MinusTwo.Dispose();
        Infinity.Dispose();
    }
}
