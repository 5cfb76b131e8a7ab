namespace DiffusionVae.LatentSpaces;

/// <summary>How the divergence of the posterior from the uniform prior is computed.</summary>
public enum DivergenceMethod
{
    /// <summary>From the heat kernel itself, right at every time. Where the manifold has one.</summary>
    Exact,

    /// <summary>The short-time expansion with its right curvature term, Sc t/4. On every closed manifold, at short times only.</summary>
    Asymptotic,

    /// <summary>The short-time expansion as printed in the paper, with Sc t (d+4)/24, right for d = 2 alone (paper, section 3.7).</summary>
    Paper,
}
