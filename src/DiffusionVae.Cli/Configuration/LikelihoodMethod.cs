namespace DiffusionVae.Cli.Configuration;

/// <summary>The ways to estimate a likelihood.</summary>
internal enum LikelihoodMethod
{
    Importance,
    Quadrature,
}
