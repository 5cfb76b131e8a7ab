namespace DiffusionVae.Manifolds;

/// <summary>
/// Arithmetic of 3 × 3 matrices, nine numbers row by row, and of the unit quaternions (w, x, y, z) of
/// rotations.
/// </summary>
/// <remarks>Results and temporaries belong to the current dispose scope: callers open one.</remarks>
internal static class RotationMatrices
{
    /// <summary>a b, or aᵀ b.</summary>
    /// <param name="a">[..., 9].</param>
    /// <param name="b">[..., 9].</param>
    /// <param name="transposeFirst">Whether to transpose <paramref name="a"/>.</param>
    /// <returns>[..., 9].</returns>
    public static Tensor Product(Tensor a, Tensor b, bool transposeFirst = false)
    {
        Tensor first = Matrices(a);
        return torch.matmul(transposeFirst ? first.transpose(-2, -1) : first, Matrices(b)).flatten(-2, -1);
    }

    /// <summary>The skew matrix [v]× of a vector, [..., 3] to [..., 9].</summary>
    public static Tensor Hat(Tensor vector)
    {
        Tensor[] v = vector.unbind(-1);
        Tensor zero = torch.zeros_like(v[0]);
        return torch.stack([zero, -v[2], v[1], v[2], zero, -v[0], -v[1], v[0], zero], -1);
    }

    /// <summary>The vector whose cross product is the skew part of a matrix, [..., 9] to [..., 3].</summary>
    public static Tensor Vee(Tensor m)
    {
        Tensor[] e = m.unbind(-1);
        return torch.stack([e[7] - e[5], e[2] - e[6], e[3] - e[1]], -1) / 2;
    }

    /// <summary>
    /// The rotations of unit quaternions, [..., 4] to [..., 9]: each entry is a sum of products of two
    /// components.
    /// </summary>
    public static Tensor FromQuaternions(Tensor quaternions)
    {
        Tensor products = (quaternions.unsqueeze(-1) * quaternions.unsqueeze(-2)).flatten(-2, -1); // [..., 16]
        return products.matmul(EntriesOfProducts(quaternions));
    }

    /// <summary>The unit quaternions of rotations, [..., 9] to [..., 4], w not negative.</summary>
    public static Tensor ToQuaternions(Tensor rotations)
    {
        // 4 q qᵀ - 1, and then 4 q qᵀ, whose row with the largest diagonal entry loses no digits.
        Tensor products = rotations.matmul(EntriesOfProducts(rotations).t()).reshape([.. rotations.shape[..^1], 4, 4]);
        Tensor outer = products + torch.eye(4, dtype: rotations.dtype, device: rotations.device); // [..., 4, 4]
        Tensor largest = outer.diagonal(0, -2, -1).argmax(-1, keepdim: true).unsqueeze(-1); // [..., 1, 1]
        Tensor row = outer.gather(-2, largest.expand([.. largest.shape[..^1], 4])).squeeze(-2); // [..., 4]
        Tensor unit = UnitVectors.Normalise(row);
        return torch.where(unit.narrow(-1, 0, 1).lt(0), -unit, unit);
    }

    /// <summary>
    /// Half the angle of the rotations of unit quaternions with w ≥ 0, [..., 4] to [..., 1].
    /// </summary>
    public static Tensor HalfAngle(Tensor quaternion) =>
        torch.atan2(UnitVectors.Length(quaternion.narrow(-1, 1, 3)), quaternion.narrow(-1, 0, 1));

    private static Tensor Matrices(Tensor points) => points.reshape([.. points.shape[..^1], 3, 3]);

    /// <summary>
    /// What the products of two components of a quaternion add to the entries of its matrix, [16, 9].
    /// </summary>
    private static Tensor EntriesOfProducts(Tensor like) => torch.tensor(
        [
            1, 0, 0, 0, 1, 0, 0, 0, 1, // ww
            0, 0, 0, 0, 0, -1, 0, 1, 0,
            0, 0, 1, 0, 0, 0, -1, 0, 0,
            0, -1, 0, 1, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, -1, 0, 1, 0, // xw
            1, 0, 0, 0, -1, 0, 0, 0, -1,
            0, 1, 0, 1, 0, 0, 0, 0, 0,
            0, 0, 1, 0, 0, 0, 1, 0, 0,
            0, 0, 1, 0, 0, 0, -1, 0, 0, // yw
            0, 1, 0, 1, 0, 0, 0, 0, 0,
            -1, 0, 0, 0, 1, 0, 0, 0, -1,
            0, 0, 0, 0, 0, 1, 0, 1, 0,
            0, -1, 0, 1, 0, 0, 0, 0, 0, // zw
            0, 0, 1, 0, 0, 0, 1, 0, 0,
            0, 0, 0, 0, 0, 1, 0, 1, 0,
            -1, 0, 0, 0, -1, 0, 0, 0, 1,
        ],
        [16, 9],
        like.dtype,
        like.device);
}
