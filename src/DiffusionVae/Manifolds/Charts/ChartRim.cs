namespace DiffusionVae.Manifolds;

/// <summary>
/// What the rim of a <see cref="ChartKind.Disc"/>, or the surface of a <see cref="ChartKind.Ball"/>, stands
/// for.
/// </summary>
public enum ChartRim
{
    /// <summary>
    /// Nothing in particular: each point of it is a point of M by itself, or there is no rim.
    /// </summary>
    None,

    /// <summary>Opposite points of the rim are one point of M.</summary>
    Opposite,

    /// <summary>The whole rim is one point of M.</summary>
    OnePoint,
}
