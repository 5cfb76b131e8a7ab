namespace DiffusionVae.Manifolds;

/// <summary>
/// Geodesic distances on the ring torus: shortest paths on a grid of angles (Dijkstra), tabulated.
/// </summary>
/// <remarks>
/// Turning round the axis is an isometry, so a distance depends on both u and on the difference in v alone;
/// and so is the reflection of u. Edges lead to all nodes up to seven places away that no nearer node hides:
/// directions of paths are at most some eight degrees apart, and lengths right to 0.3%.
/// </remarks>
internal sealed class RingTorusDistances
{
    private const int Around = 48;
    private const int Along = 192;
    private const int Reach = 7;

    /// <summary>
    /// Within that many cells of the grid the straight line in angles is better than the table.
    /// </summary>
    private const double NearCells = 2.5;

    private readonly double coreRadius;
    private readonly double tubeRadius;
    private readonly Scalar core;
    private readonly Scalar tube;
    private readonly float[] table;

    /// <summary>Fills the table.</summary>
    public RingTorusDistances(double coreRadius, double tubeRadius)
    {
        (this.coreRadius, this.tubeRadius, core, tube) = (coreRadius, tubeRadius, coreRadius, tubeRadius);
        table = new float[Around * Around * Along];
        (int Du, int Dv)[] offsets =
        [
            .. from du in Enumerable.Range(-Reach, (2 * Reach) + 1)
               from dv in Enumerable.Range(-Reach, (2 * Reach) + 1)
               where GreatestCommonDivisor(Math.Abs(du), Math.Abs(dv)) == 1
               select (du, dv),
        ];
        var lengths = new double[Around, offsets.Length];
        for (int u = 0; u < Around; u++)
        {
            for (int i = 0; i < offsets.Length; i++)
            {
                lengths[u, i] = Straight(Step(Around) * u, Step(Around) * offsets[i].Du, Step(Along) * offsets[i].Dv);
            }
        }
        var distances = new double[Around * Along];
        var queue = new PriorityQueue<int, double>(offsets.Length * distances.Length / 8);
        for (int source = 0; source <= Around / 2; source++)
        {
            Fill(source, offsets, lengths, distances, queue);
        }
        Greatest = table.Max();
    }

    /// <summary>The greatest distance of two points.</summary>
    public double Greatest { get; }

    /// <summary>The distances of points.</summary>
    /// <param name="p">Angles u, v, [..., 2].</param>
    /// <param name="q">Angles, broadcast against those of <paramref name="p"/>.</param>
    /// <returns>[..., 1], of the same type.</returns>
    public Tensor Between(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] start = p.to(ScalarType.Float64).unbind(-1);
        Tensor[] end = q.to(ScalarType.Float64).unbind(-1);
        Tensor du = Wrapped(end[0] - start[0]), dv = Wrapped(end[1] - start[1]).abs();
        Tensor from = start[0] + torch.zeros_like(du);
        Tensor middle = (from + (du / 2)).cos().mul(tube).add(core);
        Tensor straight = (du * tube).Squared().add((dv * middle).Squared()).sqrt();
        Tensor near = du.abs().lt(NearCells * Step(Around)).logical_and(dv.lt(NearCells * Step(Along)));
        Tensor distance = torch.where(near, straight, Interpolated(from, from + du, dv));
        return distance.unsqueeze(-1).to(p.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Linear in each of the three coordinates between the grid's values.</summary>
    private Tensor Interpolated(Tensor from, Tensor to, Tensor difference)
    {
        Tensor values = torch.tensor(table, device: from.device);
        (Tensor Cell, Tensor Share)[] axes = [Cell(from, Around), Cell(to, Around), Cell(difference, Along)];
        Tensor sum = torch.zeros_like(from);
        for (int corner = 0; corner < 8; corner++)
        {
            using var scope = torch.NewDisposeScope();
            Tensor index = torch.zeros_like(axes[0].Cell);
            Tensor weight = torch.ones_like(from);
            for (int axis = 0; axis < 3; axis++)
            {
                int side = (corner >> axis) & 1;
                int size = axis == 2 ? Along : Around;
                index = (index * size) + (axes[axis].Cell + side).remainder(size);
                weight *= side == 1 ? axes[axis].Share : 1 - axes[axis].Share;
            }
            sum.add_(weight * values[index]);
        }
        return sum;
    }

    private static (Tensor Cell, Tensor Share) Cell(Tensor angles, int count)
    {
        Tensor places = angles.remainder(2 * Math.PI) / Step(count);
        Tensor floor = places.floor();
        return (floor.to(ScalarType.Int64), places - floor);
    }

    private void Fill(int source, (int Du, int Dv)[] offsets, double[,] lengths, double[] distances, PriorityQueue<int, double> queue)
    {
        Array.Fill(distances, double.PositiveInfinity);
        distances[source * Along] = 0;
        queue.Enqueue(source * Along, 0);
        while (queue.TryDequeue(out int node, out double distance))
        {
            if (distance > distances[node])
            {
                continue;
            }
            (int u, int v) = Math.DivRem(node, Along);
            for (int i = 0; i < offsets.Length; i++)
            {
                int next = (Modulo(u + offsets[i].Du, Around) * Along) + Modulo(v + offsets[i].Dv, Along);
                double through = distance + lengths[u, i];
                if (through < distances[next])
                {
                    distances[next] = through;
                    queue.Enqueue(next, through);
                }
            }
        }
        for (int node = 0; node < distances.Length; node++)
        {
            (int u, int v) = Math.DivRem(node, Along);
            table[(source * Around * Along) + node] = (float)distances[node];
            table[(((Modulo(-source, Around) * Around) + Modulo(-u, Around)) * Along) + v] = (float)distances[node];
        }
    }

    /// <summary>The length of a straight line in angles, by Simpson's rule.</summary>
    private double Straight(double u, double du, double dv)
    {
        double At(double share) => double.Hypot(tubeRadius * du, (coreRadius + (tubeRadius * Math.Cos(u + (share * du)))) * dv);
        return (At(0) + (4 * At(0.5)) + At(1)) / 6;
    }

    private static Tensor Wrapped(Tensor angles) => angles - ((angles / (2 * Math.PI)).round() * (2 * Math.PI));

    private static double Step(int count) => 2 * Math.PI / count;

    private static int Modulo(int value, int count) => ((value % count) + count) % count;

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
