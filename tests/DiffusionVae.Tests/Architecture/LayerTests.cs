using System.Reflection;
using DiffusionVae.HeatKernels;
using DiffusionVae.Manifolds;
using DiffusionVae.Training;

namespace DiffusionVae.Tests.Architecture;

/// <summary>Each folder of the library uses only those before it.</summary>
public class LayerTests
{
    private const string Root = "DiffusionVae";

    /// <summary>In the order in which each may use the ones before.</summary>
    private static readonly string[] Layers =
        ["HeatKernels", "Manifolds", "LatentSpaces", "Data", "Models", "Evaluation", "Training", "Runs"];

    private static readonly Assembly Library = typeof(Sphere).Assembly;

    public static TheoryData<string> Folders => [.. Layers, Root];

    [Fact]
    public void Every_type_of_the_library_is_in_one_of_the_folders_or_beside_them()
    {
        string[] known = [Root, .. Layers.Select(layer => $"{Root}.{layer}")];
        IEnumerable<string?> namespaces = Library.GetTypes().Select(type => type.Namespace)
            .Where(name => name is not null && name.StartsWith(Root, StringComparison.Ordinal));
        Assert.Empty(namespaces.Distinct().Except(known));
        Assert.Empty(known.Except(namespaces));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_those_above_it(string folder)
    {
        int height = Array.IndexOf(Layers, folder);
        IEnumerable<string> violations =
            from type in Library.GetTypes()
            where Layer(type) == folder
            from used in Uses.Of(type)
            where used.Assembly == Library && Array.IndexOf(Layers, Layer(used)) > height
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(violations.Distinct());
    }

    [Fact]
    public void Uses_are_found_in_signatures_in_bodies_in_lambdas_and_as_type_arguments()
    {
        Assert.Contains(typeof(TrainingOptions), Uses.Of(typeof(Probe)));
        Assert.Contains(typeof(Sphere), Uses.Of(typeof(Probe)));
        Assert.Contains(typeof(ManifoldFamily), Uses.Of(typeof(Probe)));
        Type[] lambdas = typeof(Probe).GetNestedTypes(BindingFlags.NonPublic);
        Assert.Contains(lambdas, lambda => Uses.Of(lambda).Contains(typeof(GaussLegendre)));
        Assert.DoesNotContain(typeof(Trainer), Uses.Of(typeof(Probe)));
        Assert.DoesNotContain(Uses.Of(typeof(Sphere)), used => used.Namespace == "DiffusionVae.Training");
    }

    private static string? Layer(Type type)
    {
        string? name = type.Namespace;
        return name == Root || name is null || !name.StartsWith(Root, StringComparison.Ordinal) ? Root : name[(Root.Length + 1)..];
    }

    private static class Probe
    {
        public static object? InSignature(TrainingOptions? options) => options;

        public static object InBody() => new Sphere(2).LogVolume;

        public static object AsArgument() => Enumerable.Empty<ManifoldFamily>();

        public static Func<Type> InLambda() => () => typeof(GaussLegendre);
    }
}
