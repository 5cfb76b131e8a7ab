namespace DiffusionVae.Evaluation;

/// <summary>
/// The degree modulo 2 of a map from RP² to RP²: 1 if it maps loops that cannot be contracted to such loops.
/// </summary>
/// <remarks>
/// A map that does lifts to an odd map of spheres, whose degree is odd (Borsuk). A map that does not factors
/// through the sphere, and its degree is even.
/// </remarks>
internal static class ProjectivePlaneDegree
{
    private const int Loops = 16;
    private const int FewestSteps = 64;
    private const int MostSteps = 4096;

    /// <summary>
    /// The cosine of the longest step whose direction is taken for certain.
    /// </summary>
    private const double LongestStepCosine = 0.5;

    /// <summary>
    /// Measures the degree. It follows loops, half great circles from p to -p, until twice the steps agree.
    /// </summary>
    public static MapDegree Measure(Func<Tensor, Tensor> map)
    {
        bool? previous = null;
        string obstacle = "";
        for (int steps = FewestSteps; steps <= MostSteps; steps *= 2)
        {
            (bool? odd, obstacle) = OnLoops(map, steps);
            if (odd is { } found && previous == found)
            {
                return new MapDegree
                {
                    Value = found ? 1 : 0,
                    IsModuloTwo = true,
                    Certainty = Certainty.Stable,
                    Basis = Invariant($"{Loops} loops of {steps} steps, and of half as many"),
                };
            }
            previous = odd;
        }
        return new MapDegree { Value = null, IsModuloTwo = true, Certainty = Certainty.Undetermined, Basis = obstacle };
    }

    private static (bool? Odd, string Obstacle) OnLoops(Func<Tensor, Tensor> map, int steps)
    {
        using var scope = torch.NewDisposeScope();
        // Planes evenly about an axis without symmetry.
        Tensor turn = torch.arange(Loops, dtype: ScalarType.Float32) * (Math.PI / Loops) + 0.1;
        Tensor first = torch.stack([turn.cos(), turn.sin(), torch.full_like(turn, 0.3)], -1);
        first /= first.norm(1, keepdim: true);
        Tensor second = torch.stack([-turn.sin(), turn.cos(), torch.zeros_like(turn)], -1);
        Tensor angles = (torch.arange(steps + 1, dtype: ScalarType.Float32) * (Math.PI / steps)).view(-1, 1);
        Tensor loops = (first.unsqueeze(1) * angles.cos()) + (second.unsqueeze(1) * angles.sin());
        Tensor mapped = map(loops.flatten(0, 1)).view(Loops, steps + 1, -1);
        // A line through the origin has one direction, whatever surface it meets.
        Tensor directions = mapped / mapped.norm(-1, keepdim: true);
        Tensor cosines = (directions.narrow(1, 0, steps) * directions.narrow(1, 1, steps)).sum(-1);
        double least = cosines.abs().min().ToDouble();
        if (least < LongestStepCosine)
        {
            return (null, Invariant($"with {steps} steps a loop, neighbours still lie {Math.Acos(least) * 180 / Math.PI:0} degrees apart"));
        }
        // The lift ends at the value of -p, or at its antipode, according to the number of changes of sign; p
        // and -p have the same value up to sign.
        Tensor ends = cosines.sign().prod(1) * (directions.select(1, 0) * directions.select(1, steps)).sum(-1).sign();
        double mean = ends.mean().ToDouble();
        return Math.Abs(mean) < 1
            ? (null, "loops beside each other go to different kinds of loops: the map is torn between them")
            : (mean < 0, "");
    }
}
