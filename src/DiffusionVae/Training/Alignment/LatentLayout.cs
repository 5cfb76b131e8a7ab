using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Training;

/// <summary>
/// A space on which principal components can be laid, and the map from there to the outputs of an encoder.
/// </summary>
/// <remarks>
/// A linear map reaches only the outer half of a ring torus, and takes opposite images to one point of RP^d.
/// Where a manifold can be unfolded (<see cref="IUnfoldableManifold"/>), components are therefore also laid
/// on what it unfolds to, a flat torus or R^d, and folded from there: the result covers the manifold and
/// keeps such images apart.
/// </remarks>
/// <param name="space">The space.</param>
/// <param name="fold">The map.</param>
internal sealed class LatentLayout(LatentSpace space, Func<Tensor, Tensor> fold)
{
    /// <summary>The space on which components are laid.</summary>
    public LatentSpace Space { get; } = space;

    /// <summary>
    /// Maps points of <see cref="Space"/>, [count, coordinates], to outputs of the encoder, [count, outputs].
    /// </summary>
    public Func<Tensor, Tensor> Fold { get; } = fold;

    /// <summary>
    /// The layouts of a latent space: all components as they are, then all in their first unfolding, then in
    /// their second.
    /// </summary>
    /// <remarks>A component with fewer unfoldings keeps its last one.</remarks>
    public static IEnumerable<LatentLayout> Of(LatentSpace latent)
    {
        LatentLayout[][] ofComponents = [.. latent.Components.Select(component => (LatentLayout[])[.. OfComponent(Encoded(component))])];
        for (int i = 0; i < ofComponents.Max(layouts => layouts.Length); i++)
        {
            yield return Joined([.. ofComponents.Select(layouts => layouts[Math.Min(i, layouts.Length - 1)])]);
        }
    }

    /// <summary>
    /// The space of the encoder's outputs: an encoder may put out points of the unfolded manifold already.
    /// </summary>
    private static LatentSpace Encoded(LatentSpace component) =>
        component is DiffusionLatentSpace { Projection: EncoderProjection.Unfolded }
            ? LatentSpace.Create(component.EncodedManifolds!.Single())
            : component;

    private static IEnumerable<LatentLayout> OfComponent(LatentSpace component)
    {
        yield return new LatentLayout(component, points => points);
        if (component.Manifolds is [IUnfoldableManifold folded])
        {
            foreach (Unfolding unfolding in folded.Unfoldings)
            {
                yield return new LatentLayout(
                    LatentSpace.Create(unfolding.Unfolded), points => unfolding.Fold(unfolding.Unfolded.Project(points)));
            }
        }
    }

    /// <summary>The layout of a product from those of its components.</summary>
    private static LatentLayout Joined(LatentLayout[] parts)
    {
        long[] widths = [.. parts.Select(part => (long)part.Space.AmbientDimension)];
        return new LatentLayout(
            parts is [LatentLayout only] ? only.Space : new ProductLatentSpace([.. parts.Select(part => part.Space)]),
            points => torch.cat([.. parts.Zip(points.split(widths, -1), (part, own) => part.Fold(own))], -1));
    }
}
