using System.Numerics;
using System.Runtime.InteropServices;

namespace DiffusionVae.Training;

/// <summary>
/// One step of a diffusion on a graph: a symmetric matrix S, whose eigenvalues lie between -1 and 1.
/// </summary>
/// <remarks>
/// With the weights w of the graph, w_ii = 1, and their row sums q, the density is divided out,
/// v_ij = w_ij / (q_i q_j) (Coifman and Lafon 2006, α = 1). With the row sums d of v, S_ij = v_ij / √(d_i
/// d_j). Its eigenvectors divided by √d are those of the random walk v_ij / d_i. For points that fill a
/// manifold evenly they approach the eigenfunctions of the Laplacian. Where points lie closer, distances
/// count for more, as the graph measures them by the spacing: the result is as if the points lay evenly.
/// </remarks>
internal sealed class DiffusionOperator
{
    private const int BlockRows = 2048;

    private readonly NeighbourGraph graph;
    private readonly SerialScope serial;
    private readonly float[] weights;
    private readonly float[] diagonal;

    /// <summary>Prepares the diffusion.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="serial">Shares the work.</param>
    public DiffusionOperator(NeighbourGraph graph, SerialScope serial)
    {
        (this.graph, this.serial) = (graph, serial);
        int count = graph.Count;
        double[] density = new double[count], degrees = new double[count];
        for (int i = 0; i < count; i++)
        {
            density[i] = 1;
            for (int e = graph.Offsets[i]; e < graph.Offsets[i + 1]; e++)
            {
                density[i] += graph.Weights[e];
            }
        }
        for (int i = 0; i < count; i++)
        {
            degrees[i] = 1 / (density[i] * density[i]);
            for (int e = graph.Offsets[i]; e < graph.Offsets[i + 1]; e++)
            {
                degrees[i] += graph.Weights[e] / (density[i] * density[graph.Targets[e]]);
            }
        }
        weights = new float[graph.Weights.Length];
        diagonal = new float[count];
        for (int i = 0; i < count; i++)
        {
            diagonal[i] = (float)(1 / (density[i] * density[i] * degrees[i]));
            for (int e = graph.Offsets[i]; e < graph.Offsets[i + 1]; e++)
            {
                int j = graph.Targets[e];
                weights[e] = (float)(graph.Weights[e] / (density[i] * density[j] * Math.Sqrt(degrees[i] * degrees[j])));
            }
        }
        RootDegrees = [.. degrees.Select(degree => (float)Math.Sqrt(degree))];
    }

    /// <summary>√d_i, by which eigenvectors are divided.</summary>
    public float[] RootDegrees { get; }

    /// <summary>The number of points.</summary>
    public int Count => graph.Count;

    /// <summary>scale · S x + shift · x - previous.</summary>
    /// <param name="x">[count, columns], float32, contiguous.</param>
    /// <param name="scale">The factor of S x.</param>
    /// <param name="shift">The factor of x.</param>
    /// <param name="previous">Like x; null for none.</param>
    /// <returns>A new tensor like x.</returns>
    public Tensor Apply(Tensor x, float scale = 1, float shift = 0, Tensor? previous = null)
    {
        int columns = (int)x.size(1);
        Tensor result = previous is null ? torch.zeros_like(x) : -previous;
        serial.ForEach((Count + BlockRows - 1) / BlockRows, block =>
        {
            Span<float> from = MemoryMarshal.Cast<byte, float>(x.bytes), to = MemoryMarshal.Cast<byte, float>(result.bytes);
            for (int i = block * BlockRows; i < Math.Min(Count, (block + 1) * BlockRows); i++)
            {
                Span<float> row = to.Slice(i * columns, columns);
                Add(from.Slice(i * columns, columns), (scale * diagonal[i]) + shift, row);
                for (int e = graph.Offsets[i]; e < graph.Offsets[i + 1]; e++)
                {
                    Add(from.Slice(graph.Targets[e] * columns, columns), scale * weights[e], row);
                }
            }
        });
        return result;
    }

    /// <summary>Adds factor · x to a sum.</summary>
    private static void Add(ReadOnlySpan<float> x, float factor, Span<float> sum)
    {
        var factors = new Vector<float>(factor);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((factors * new Vector<float>(x[i..])) + new Vector<float>(sum[i..])).CopyTo(sum[i..]);
        }
        for (; i < x.Length; i++)
        {
            sum[i] += factor * x[i];
        }
    }
}
