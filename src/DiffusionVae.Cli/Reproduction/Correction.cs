namespace DiffusionVae.Cli.Reproduction;

/// <summary>What a row of the paper should have said, where a fault in the authors' code made it say something else. Nats per image.</summary>
/// <param name="Elbo">The evidence lower bound.</param>
/// <param name="Kl">The divergence.</param>
/// <param name="LogLikelihood">The log-likelihood.</param>
/// <param name="Why">What the fault is.</param>
internal sealed record Correction(double Elbo, double Kl, double LogLikelihood, string Why);
