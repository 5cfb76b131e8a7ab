namespace DiffusionVae.LatentSpaces;

/// <summary>How the coordinates that an encoder puts out become a point of the manifold.</summary>
public enum EncoderProjection
{
    /// <summary>They are a point of the surrounding space, of which the closest point of the manifold is taken (paper, section 3.2).</summary>
    Closest,

    /// <summary>
    /// They are projected to a simpler manifold, which is then folded to this one. The ring torus has this: an encoder puts out a vector of the plane for each of its two angles, as on the
    /// flat torus. In space an error of the ring's radius would be one of the angle about the tube, which is much thinner.
    /// </summary>
    Unfolded,
}
