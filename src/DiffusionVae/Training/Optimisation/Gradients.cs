namespace DiffusionVae.Training;

/// <summary>The share of a shard in the gradients of a loss, one for each parameter.</summary>
/// <param name="Decoder">That in the gradients of the decoder.</param>
/// <param name="Encoder">That in the gradients of the encoder; empty while it rests.</param>
internal sealed record Gradients(IReadOnlyList<PartialGradient> Decoder, IReadOnlyList<PartialGradient> Encoder)
{
    /// <summary>Whether the gradients are finite, judged by a few of them.</summary>
    /// <remarks>
    /// A number that is not finite on its way back through a layer shows in the gradient of the layer's bias,
    /// which is a sum over such numbers. So only biases are looked at, a thousandth of all numbers, if every
    /// weight has one. A product that overflows by itself escapes; the next step then finds that its ELBO is
    /// not finite.
    /// </remarks>
    public bool LookFinite { get; } = AreFinite([.. Decoder, .. Encoder]);

    /// <summary>The same tensors, which belong to no dispose scope any more: for another thread.</summary>
    public Gradients Detached()
    {
        foreach (Tensor tensor in Tensors)
        {
            tensor.DetachFromDisposeScope();
        }
        return this;
    }

    /// <summary>The same tensors, from now on of a dispose scope of this thread.</summary>
    public Gradients AttachedTo(DisposeScope scope)
    {
        foreach (Tensor tensor in Tensors)
        {
            scope.Attach(tensor);
        }
        return this;
    }

    private IEnumerable<Tensor> Tensors => Decoder.Concat(Encoder).SelectMany(gradient => gradient.Tensors);

    private static bool AreFinite(PartialGradient[] gradients)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] biases = [.. gradients.Select(gradient => gradient.Dense).OfType<Tensor>().Where(dense => dense.dim() == 1)];
        Tensor[] examined = 2 * biases.Length < gradients.Length ? [.. gradients.SelectMany(gradient => gradient.Tensors)] : biases;
        return double.IsFinite(torch.cat([.. examined.Select(tensor => tensor.flatten())]).sum().ToDouble());
    }
}
