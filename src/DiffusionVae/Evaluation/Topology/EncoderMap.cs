using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>An encoder as a map from true factors to latents.</summary>
internal sealed class EncoderMap(DiffusionAutoencoder model, ImageFamily family)
{
    private const int CellsAtOnce = 1024;
    private const int FirstCells = 16;
    private readonly Device device = model.Encoder.parameters().FirstOrDefault()?.device ?? CPU;

    /// <summary>The mean latents of factors, [count, n] → [count, n'].</summary>
    /// <remarks>They are on the device of the factors, which may be another than the model's.</remarks>
    public Tensor Latents(Tensor factors)
    {
        using var scope = torch.NewDisposeScope();
        return model.Encode(family.Render(factors.to(device))).Mean.to(factors.device).MoveToOuterDisposeScope();
    }

    /// <summary>Tries to prove that the map into a product of circles is continuous.</summary>
    /// <remarks>
    /// Before the projection, the encoder's output has a vector of the plane for each circle. The map tears
    /// only where one of these vectors vanishes. No vector vanishes in a cell of the torus of factors if at
    /// its middle each is longer than the Lipschitz constant times the radius of the cell. Cells for which
    /// this fails are divided.
    /// </remarks>
    /// <param name="images">The most images that may be encoded.</param>
    /// <returns>Whether the proof was found.</returns>
    public bool IsContinuous(int images)
    {
        int dimension = family.Manifold.Dimension;
        if (CircleCoordinates.Of([family.Manifold]) is null
            || model.Latent.EncodedManifolds is not { } encoded
            || CircleCoordinates.Of(encoded) is not { } circles
            || family.LipschitzConstant is not { } ofImages
            || model.Standardisation is not null
            || (model.Encoder as Mlp)?.LipschitzConstant(model.Latent.MeanDimension) is not { } ofEncoder)
        {
            return false;
        }
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        double width = 2 * Math.PI / FirstCells;
        // The middles of the cells, [cells, d], and of the 2^d parts of a cell of width 1, [parts, d].
        Tensor cells = Grid((torch.arange(FirstCells, dtype: ScalarType.Float32) + 0.5) * width, dimension);
        Tensor parts = Grid(torch.tensor(new[] { -0.25f, 0.25f }), dimension);
        for (int rendered = 0; cells.size(0) > 0; width /= 2)
        {
            rendered += (int)cells.size(0);
            if (rendered > images)
            {
                return false;
            }
            Tensor least = torch.cat([.. cells.split(CellsAtOnce).Select(piece => ShortestVector(circles, piece))]);
            Tensor open = cells[least.le(ofEncoder * ofImages * width * Math.Sqrt(dimension) / 2)];
            cells = (open.unsqueeze(1) + (parts * width)).view(-1, dimension);
        }
        return true;
    }

    private static Tensor Grid(Tensor axis, int dimension) =>
        torch.stack([.. torch.meshgrid([.. Enumerable.Repeat(axis, dimension)], indexing: "ij")], -1).view(-1, dimension);

    private Tensor ShortestVector(CircleCoordinates circles, Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        Tensor images = family.Render(Manifolds.FlatTorus.FromAngles(angles.to(device)));
        Tensor coordinates = model.Encoder.forward(model.EncoderInput(images)).narrow(-1, 0, model.Latent.MeanDimension);
        return circles.Vectors(coordinates).norm(-1).amin([-1]).to(angles.device).MoveToOuterDisposeScope();
    }
}
