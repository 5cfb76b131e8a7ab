namespace DiffusionVae.HeatKernels;

/// <summary>A divergence and its derivatives.</summary>
/// <param name="Divergence">KL in nats.</param>
/// <param name="AlongLogTime">Its derivative with respect to log t.</param>
/// <param name="AlongCosine">Its derivative with respect to the cosine of the tube angle, where it depends on
/// one.</param>
internal readonly record struct DivergenceSlopes(double Divergence, double AlongLogTime, double AlongCosine);
