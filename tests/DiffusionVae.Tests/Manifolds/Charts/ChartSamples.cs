using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Charts of the catalogue as test data, and places in them.</summary>
internal static class ChartSamples
{
    public static TheoryData<string, int> Charts(Func<IManifold, Chart, bool> wanted)
    {
        var data = new TheoryData<string, int>();
        foreach (IChartedManifold manifold in ManifoldCatalogue.Examples.Select(ManifoldCatalogue.Parse).OfType<IChartedManifold>())
        {
            for (int i = 0; i < manifold.Charts.Count; i++)
            {
                if (wanted(manifold, manifold.Charts[i]))
                {
                    data.Add(manifold.Id, i);
                }
            }
        }
        return data;
    }

    public static (IManifold Manifold, Chart Chart) Find(string id, int index)
    {
        var manifold = (IChartedManifold)ManifoldCatalogue.Parse(id);
        return (manifold, manifold.Charts[index]);
    }

    /// <summary>Uniform on the box of the axes; to three from the origin where there is no end.</summary>
    public static Tensor AnyPlaces(Chart chart, int count)
    {
        double[] low = [.. chart.Axes.Select(axis => double.IsInfinity(axis.Low) ? -3 : axis.Low)];
        double[] high = [.. chart.Axes.Select(axis => double.IsInfinity(axis.High) ? 3 : axis.High)];
        Tensor share = rand([count, chart.Axes.Count], ScalarType.Float64, generator: new Generator(9, CPU));
        return tensor(low) + (share * (tensor(high) - tensor(low)));
    }
}
