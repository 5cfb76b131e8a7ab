using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public sealed class RingTorusEigensystemTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void Diagonalises_random_matrices(int size)
    {
        var random = new Random(size);
        double[][] matrix = [.. Enumerable.Range(0, size).Select(_ => new double[size])];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                matrix[i][j] = matrix[j][i] = random.NextDouble() - 0.5;
            }
        }

        Check(matrix);
    }

    [Fact]
    public void Copes_with_multiple_eigenvalues_and_zeros()
    {
        Check([[2, 0, 0], [0, 2, 0], [0, 0, 2]]);
        Check([[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
        Check([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]);
    }

    private static void Check(double[][] matrix)
    {
        int size = matrix.Length;
        var system = new SymmetricEigensystem([.. matrix.Select(row => row.ToArray())]);
        for (int i = 0; i < size; i++)
        {
            double[] vector = system.Vectors[i];
            Assert.True(i == 0 || system.Values[i] >= system.Values[i - 1]);
            for (int j = 0; j < size; j++)
            {
                double image = matrix[j].Zip(vector, (m, v) => m * v).Sum();
                Assert.Equal(system.Values[i] * vector[j], image, 1e-13 * (1 + size));
                Assert.Equal(i == j ? 1 : 0, system.Vectors[j].Zip(vector, (a, b) => a * b).Sum(), 1e-13 * (1 + size));
            }
        }
    }
}
