namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// The corrected values of a row of the paper that a fault in the authors' code has falsified. Nats per
/// image.
/// </summary>
/// <param name="Elbo">The evidence lower bound.</param>
/// <param name="Kl">The divergence.</param>
/// <param name="LogLikelihood">The log-likelihood.</param>
/// <param name="Why">The fault.</param>
internal sealed record Correction(double Elbo, double Kl, double LogLikelihood, string Why);
