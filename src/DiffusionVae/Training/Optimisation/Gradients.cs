namespace DiffusionVae.Training;

/// <summary>The gradients of a loss, a tensor for each parameter.</summary>
/// <param name="Decoder">The decoder's.</param>
/// <param name="Encoder">The encoder's; empty where it rests.</param>
internal readonly record struct Gradients(IReadOnlyList<Tensor> Decoder, IReadOnlyList<Tensor> Encoder)
{
    /// <summary>Whether they are finite, as far as a look at a few of them tells.</summary>
    /// <remarks>
    /// What is not finite on its way back through a layer shows in the layer's bias, which sums over it; so the biases are looked at, a thousandth of all numbers, where every
    /// weight has one. Left out is a product that overflows by itself: the next step finds its ELBO not finite.
    /// </remarks>
    public bool LookFinite()
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] all = [.. Decoder, .. Encoder], biases = [.. all.Where(gradient => gradient.dim() == 1)];
        Tensor[] looked = 2 * biases.Length < all.Length ? all : biases;
        return double.IsFinite(torch.cat([.. looked.Select(gradient => gradient.flatten())]).sum().ToDouble());
    }
}
