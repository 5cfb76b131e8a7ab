namespace DiffusionVae.Evaluation;

/// <summary>
/// The Fisher information of the translation of a picture, in nats per squared radian. One period is 2π.
/// </summary>
/// <param name="Down">The diagonal entry of the direction down.</param>
/// <param name="Mixed">The entry of both directions.</param>
/// <param name="Across">The diagonal entry of the direction across.</param>
internal readonly record struct FisherInformation(double Down, double Mixed, double Across);
