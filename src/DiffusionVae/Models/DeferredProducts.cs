namespace DiffusionVae.Models;

/// <summary>
/// The gradients of the weights of perceptrons as factors that nobody has multiplied yet. The optimiser
/// multiplies them piece by piece, and uses each piece while it is in a near cache: the gradients, as large
/// as the weights, are never written to memory.
/// </summary>
/// <remarks>
/// As long as one of these exists on a thread, <see cref="Layers"/> that are evaluated there leave their
/// factors to it when they are differentiated, and tell libtorch that the gradients of their weights are
/// zero.
/// </remarks>
internal sealed class DeferredProducts : IDisposable
{
    [ThreadStatic]
    private static DeferredProducts? current;

    private readonly List<(Tensor Weight, Tensor Left, Tensor Right)> found = [];

    /// <summary>Defers products on this thread until it is disposed.</summary>
    public DeferredProducts() => current = this;

    /// <summary>What defers products on this thread; null if nothing does.</summary>
    public static DeferredProducts? Current => current;

    /// <summary>Adds leftᵀ right to the gradient of a weight.</summary>
    /// <param name="weight">The weight, [outputs, inputs].</param>
    /// <param name="left">The gradient of a layer's outputs, [rows, outputs].</param>
    /// <param name="right">The layer's input, [rows, inputs].</param>
    /// <returns>
    /// What libtorch is told in its place: a zero of the weight's shape, which takes no memory.
    /// </returns>
    public Tensor Add(Tensor weight, Tensor left, Tensor right)
    {
        found.Add((weight, left.alias(), right.alias()));
        return torch.zeros([], weight.dtype, weight.device).expand(weight.shape);
    }

    /// <summary>Whether a gradient is only what libtorch was told in its place.</summary>
    public static bool IsPlaceholder(Tensor gradient) => gradient.dim() > 0 && gradient.stride().All(stride => stride == 0);

    /// <summary>
    /// The factors of a weight's gradient: several pairs where its layer was used several times.
    /// </summary>
    public IReadOnlyList<(Tensor Left, Tensor Right)> Of(Tensor weight) =>
        [.. found.Where(entry => ReferenceEquals(entry.Weight, weight)).Select(entry => (entry.Left, entry.Right))];

    /// <summary>Products are multiplied at once again. The factors stay.</summary>
    public void Dispose() => current = null;
}
