namespace DiffusionVae.Training;

/// <summary>The gradients of a loss, a tensor for each parameter.</summary>
/// <param name="Decoder">The gradients of the decoder.</param>
/// <param name="Encoder">The gradients of the encoder; empty while it rests.</param>
internal readonly record struct Gradients(IReadOnlyList<Tensor> Decoder, IReadOnlyList<Tensor> Encoder)
{
    /// <summary>Whether the gradients are finite, judged by a few of them.</summary>
    /// <remarks>
    /// A number that is not finite on its way back through a layer shows in the gradient of the layer's bias,
    /// which is a sum over such numbers. So only biases are looked at, a thousandth of all numbers, if every
    /// weight has one. A product that overflows by itself escapes; the next step then finds that its ELBO is
    /// not finite.
    /// </remarks>
    public bool LookFinite()
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] all = [.. Decoder, .. Encoder], biases = [.. all.Where(gradient => gradient.dim() == 1)];
        Tensor[] examined = 2 * biases.Length < all.Length ? all : biases;
        return double.IsFinite(torch.cat([.. examined.Select(gradient => gradient.flatten())]).sum().ToDouble());
    }
}
