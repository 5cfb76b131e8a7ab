using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>An encoder as a map from true factors to latents.</summary>
internal sealed class EncoderMap(DiffusionAutoencoder model, ImageFamily family)
{
    private const int CellsAtOnce = 1024;
    private const int FirstCells = 16;
    private readonly Device device = model.Encoder.parameters().FirstOrDefault()?.device ?? CPU;

    /// <summary>The mean latents of factors, [count, n] → [count, n'], on the device of the factors, which need not be the model's.</summary>
    public Tensor Latents(Tensor factors)
    {
        using var scope = torch.NewDisposeScope();
        return model.Encode(family.Render(factors.to(device))).Mean.to(factors.device).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether it can be proved that the map into a product of circles is continuous: before it is projected, a latent has for each circle a vector of the plane, and where
    /// none of these vanishes nothing tears. In a cell of the torus of factors none does, if at its middle each is longer than its Lipschitz constant times the radius of the cell.
    /// </summary>
    /// <param name="images">How many images may be encoded.</param>
    public bool IsContinuous(int images)
    {
        int dimension = family.Manifold.Dimension;
        if (CircleCoordinates.Of([family.Manifold]) is null || model.Latent.EncodedManifolds is not { } encoded || CircleCoordinates.Of(encoded) is not { } circles
            || family.LipschitzConstant is not { } ofImages || (model.Encoder as Mlp)?.LipschitzConstant(model.Latent.MeanDimension) is not { } ofEncoder)
        {
            return false;
        }
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        double width = 2 * Math.PI / FirstCells;
        Tensor axis = (torch.arange(FirstCells, dtype: ScalarType.Float32) + 0.5) * width;
        Tensor cells = torch.stack([.. torch.meshgrid([.. Enumerable.Repeat(axis, dimension)], indexing: "ij")], -1).view(-1, dimension);
        Tensor corners = torch.stack([.. torch.meshgrid([.. Enumerable.Repeat(torch.tensor(new[] { -0.25f, 0.25f }), dimension)], indexing: "ij")], -1).view(-1, dimension);
        for (int rendered = 0; cells.size(0) > 0; width /= 2)
        {
            rendered += (int)cells.size(0);
            if (rendered > images)
            {
                return false;
            }
            Tensor least = torch.cat([.. cells.split(CellsAtOnce).Select(piece => ShortestVector(circles, piece))]);
            Tensor open = cells[least.le(ofEncoder * ofImages * width * Math.Sqrt(dimension) / 2)];
            cells = (open.unsqueeze(1) + (corners * width)).view(-1, dimension);
        }
        return true;
    }

    private Tensor ShortestVector(CircleCoordinates circles, Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        Tensor raw = model.Encoder.forward(family.Render(Manifolds.FlatTorus.FromAngles(angles.to(device)))).narrow(-1, 0, model.Latent.MeanDimension);
        return circles.Vectors(raw).norm(-1).amin([-1]).to(angles.device).MoveToOuterDisposeScope();
    }
}
