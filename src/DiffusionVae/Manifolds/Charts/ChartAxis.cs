namespace DiffusionVae.Manifolds;

/// <summary>A coordinate of a <see cref="Chart"/>.</summary>
/// <param name="Name">What it is called on an axis.</param>
/// <param name="Low">The least value; negative infinity where there is none.</param>
/// <param name="High">The greatest value; infinity where there is none.</param>
/// <param name="IsPeriodic">Whether both ends are the same.</param>
public readonly record struct ChartAxis(string Name, double Low, double High, bool IsPeriodic = false);
