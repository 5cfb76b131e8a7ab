using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// The public checks find no fault in any manifold of the catalogue, and each of them finds the fault that it
/// is for.
/// </summary>
public class ManifoldChecksTests
{
    public static TheoryData<string> All => Examples.All;

    public static TheoryData<string> Closed => Examples.ClosedWithoutAntipodes;

    public static TheoryData<string> Faults => [.. BrokenManifolds.All.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_manifold_of_the_catalogue_has_no_faults(string id) =>
        Assert.Equal("", string.Join('\n', ManifoldChecks.FindFaults(ManifoldCatalogue.Parse(id), seed: 1)));

    [Fact]
    public void A_manifold_by_parameters_has_no_faults()
    {
        ChartAxis[] axes = [new("u", -Math.PI, Math.PI, IsPeriodic: true)];
        Assert.Equal(
            "",
            string.Join(
                Environment.NewLine,
                ManifoldChecks.FindFaults(new ParametrisedManifold("ellipse", 2, axes, u => cat([u.cos() * 1.5, u.sin()], -1)))));
    }

    [Fact]
    public void A_sphere_that_is_not_altered_has_no_faults()
    {
        Assert.Equal("", string.Join(Environment.NewLine, ManifoldChecks.FindFaults(new AlteredSphere(2))));
        Assert.Equal("", string.Join(Environment.NewLine, ManifoldChecks.FindFaults(new AlteredSphere(1))));
        Assert.Equal("", string.Join(Environment.NewLine, ManifoldChecks.FindFaults(new AlteredPlane())));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_and_said_in_a_sentence(string name)
    {
        (IManifold manifold, Action<ManifoldCheck>? checks, string sentence) = BrokenManifolds.All[name];
        IReadOnlyList<string> found = checks is null ? ManifoldChecks.FindFaults(manifold) : FaultsOf(manifold, checks);
        Assert.Contains(found, fault => fault.StartsWith(sentence, StringComparison.Ordinal));
    }

    /// <summary>The estimate is good enough on every example: 0.2 nats are found.</summary>
    [Theory]
    [MemberData(nameof(Closed))]
    public void A_wrong_volume_is_found_on_every_closed_manifold_of_the_catalogue(string id)
    {
        IReadOnlyList<string> found = FaultsOf(new WrongVolume((IClosedManifold)ManifoldCatalogue.Parse(id)), UniformChecks.Run);
        Assert.Contains(found, fault => fault.StartsWith("LogVolume is", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_seed_finds_the_same()
    {
        IManifold manifold = BrokenManifolds.Sphere("ScalarCurvature", x => x * 0.9);
        IReadOnlyList<string> first = ManifoldChecks.FindFaults(manifold, seed: 3);
        Assert.Equal(first, ManifoldChecks.FindFaults(manifold, seed: 3));
    }

    private static IReadOnlyList<string> FaultsOf(IManifold manifold, Action<ManifoldCheck> checks)
    {
        using var check = new ManifoldCheck(manifold, seed: 1);
        check.Survey();
        checks(check);
        return check.Faults;
    }
}
