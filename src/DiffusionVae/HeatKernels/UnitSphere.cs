namespace DiffusionVae.HeatKernels;

/// <summary>The volume of the unit sphere.</summary>
internal static class UnitSphere
{
    /// <summary>
    /// Logarithm of Vol(S^d) = 2 π^((d+1)/2) / Γ((d+1)/2), by the recursion Vol(S^d) = Vol(S^(d-2)) 2π / (d -
    /// 1) from Vol(S⁰) = 2 and Vol(S¹) = 2π.
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
