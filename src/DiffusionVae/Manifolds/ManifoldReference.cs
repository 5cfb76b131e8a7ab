namespace DiffusionVae.Manifolds;

/// <summary>A published work that the code of a manifold rests on, for <c>dvae cite</c>.</summary>
public sealed class ManifoldReference
{
    /// <summary>
    /// What is owed to the work, in a phrase such as <c>the nearest rotation, by quaternions</c>.
    /// </summary>
    public required string Topic { get; init; }

    /// <summary>The entry in BibTeX, a field in each line.</summary>
    public required string BibTex { get; init; }

    /// <summary>
    /// Whether only the exact heat kernel rests on it, so that runs with another divergence need not cite it.
    /// </summary>
    public bool IsOfHeatKernel { get; init; }

    /// <summary>For the heat kernel of spheres and their quotients.</summary>
    internal static ManifoldReference SphericalHeatKernel { get; } = new()
    {
        Topic = "the heat kernel of spheres and their quotients at short times",
        IsOfHeatKernel = true,
        BibTex = """
            @article{bornemann2011accuracy,
              title   = {Accuracy and Stability of Computing High-Order Derivatives of Analytic Functions by {Cauchy} Integrals},
              author  = {Bornemann, Folkmar},
              journal = {Foundations of Computational Mathematics},
              volume  = {11},
              number  = {1},
              pages   = {1--63},
              year    = {2011}
            }
            """,
    };

    /// <summary>For the heat kernel of the ring torus.</summary>
    internal static ManifoldReference RingTorusHeatKernel { get; } = new()
    {
        Topic = "the heat kernel of the ring torus at short times",
        IsOfHeatKernel = true,
        BibTex = """
            @article{minakshisundaram1949eigenfunctions,
              title   = {Some Properties of the Eigenfunctions of the {Laplace}-Operator on {Riemannian} Manifolds},
              author  = {Minakshisundaram, Subbaramiah and Pleijel, {\AA}ke},
              journal = {Canadian Journal of Mathematics},
              volume  = {1},
              number  = {3},
              pages   = {242--256},
              year    = {1949}
            }
            """,
    };
}
