namespace DiffusionVae.Manifolds;

/// <summary>A coordinate of a <see cref="Chart"/>.</summary>
/// <param name="Name">What it is called on an axis; what follows a comma explains the name.</param>
/// <param name="Low">The least value; negative infinity where there is none.</param>
/// <param name="High">The greatest value; infinity where there is none.</param>
/// <param name="IsPeriodic">Whether both ends are the same.</param>
/// <param name="IsTwisted">
/// Whether both ends are the same with every other axis turned over, as on a Möbius band or a Klein bottle.
/// Such an axis is not <paramref name="IsPeriodic"/>.
/// </param>
public readonly record struct ChartAxis(string Name, double Low, double High, bool IsPeriodic = false, bool IsTwisted = false);
