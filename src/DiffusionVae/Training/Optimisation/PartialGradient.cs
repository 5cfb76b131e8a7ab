using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// The share of a shard in the gradient of a parameter: a tensor, or the sum of products that are not
/// multiplied yet.
/// </summary>
/// <param name="Dense">The gradient as libtorch has it; null where there is none.</param>
/// <param name="Products">Left and right factors, the gradient being Σ leftᵀ right.</param>
internal sealed record PartialGradient(Tensor? Dense, IReadOnlyList<(Tensor Left, Tensor Right)> Products)
{
    /// <summary>The tensors, which may be detached from a dispose scope and attached to another.</summary>
    public IEnumerable<Tensor> Tensors =>
        Products.SelectMany(product => new[] { product.Left, product.Right }).Concat(Dense is null ? [] : [Dense]);

    /// <summary>The whole sum over shards, of the parameter's shape.</summary>
    public static Tensor Sum(IEnumerable<PartialGradient> shards, Tensor parameter) =>
        Sum(shards, parameter, 0, parameter.dim() == 0 ? 1 : parameter.size(0)).reshape(parameter.shape);

    /// <summary>Some rows of the sum over shards.</summary>
    /// <param name="shards">The shares of all shards, which are added in this order.</param>
    /// <param name="parameter">The parameter; one without axes has one row.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>Contiguous, [count, ...], in the caller's dispose scope.</returns>
    public static Tensor Sum(IEnumerable<PartialGradient> shards, Tensor parameter, long start, long count)
    {
        using var scope = torch.NewDisposeScope();
        Tensor? sum = null, dense = null;
        foreach (PartialGradient shard in shards)
        {
            foreach ((Tensor left, Tensor right) in shard.Products)
            {
                sum = Layers.OfWeight(left.narrow(1, start, count), right, sum);
            }
            if (shard.Dense is not null)
            {
                Tensor part = Rows(shard.Dense).narrow(0, start, count);
                dense = dense is null ? part : dense + part;
            }
        }
        sum = sum is null || dense is null ? sum ?? dense : sum + dense;
        // There is none for a parameter on which the loss does not depend.
        return (sum?.contiguous() ?? torch.zeros_like(Rows(parameter).narrow(0, start, count))).MoveToOuterDisposeScope();

        static Tensor Rows(Tensor tensor) => tensor.dim() == 0 ? tensor.unsqueeze(0) : tensor;
    }
}
