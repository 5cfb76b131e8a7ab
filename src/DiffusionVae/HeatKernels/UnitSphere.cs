namespace DiffusionVae.HeatKernels;

/// <summary>Measure of the unit sphere.</summary>
internal static class UnitSphere
{
    /// <summary>
    /// Logarithm of Vol(S^d) = 2 pi^((d+1)/2) / Gamma((d+1)/2), by Vol(S^d) = Vol(S^(d-2)) 2 pi / (d-1) from Vol(S^0) = 2 and Vol(S^1) = 2 pi.
    /// </summary>
    public static double LogVolume(int dimension)
    {
        double log = int.IsEvenInteger(dimension) ? Math.Log(2) : Math.Log(2 * Math.PI);
        for (int d = int.IsEvenInteger(dimension) ? 2 : 3; d <= dimension; d += 2)
        {
            log += Math.Log(2 * Math.PI / (d - 1));
        }

        return log;
    }
}
