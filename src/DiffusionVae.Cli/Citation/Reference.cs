using System.Reflection;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Citation;

/// <summary>A work to cite.</summary>
/// <param name="Key">Its key in <c>references.bib</c>.</param>
/// <param name="For">What is owed to it.</param>
/// <param name="IsUsedBy">Whether a run owes it; null where every run does.</param>
internal sealed record Reference(string Key, string For, Func<RunConfig, bool>? IsUsedBy = null)
{
    private static readonly Dictionary<string, string> Entries = ReadEntries();

    /// <summary>All works, in the order in which to print them.</summary>
    public static IReadOnlyList<Reference> All { get; } =
    [
        new("perezrey2020diffusion", "the method"),
        new("diffusionvae", "this software"),
        new("kingma2014autoencoding", "variational autoencoders"),
        new("paszke2019pytorch", "libtorch, the tensor library"),
        new("torchsharp", "its use from .NET"),
        new("kingma2015adam", "the optimiser"),
        new("loshchilov2017sgdr", "the cosine schedule of the learning rate", run => run.Training.Schedule == LearningRateSchedule.Cosine),
        new("schonemann1966procrustes", "the alignment at the start", IsAligned),
        new("besl1992registration", "the alignment at the start", IsAligned),
        new("bornemann2011accuracy", "the heat kernel of spheres and their quotients at short times", run => IsExact(run) && HasFactor(run, "sphere", "projective", "so3")),
        new("minakshisundaram1949eigenfunctions", "the heat kernel of the ring torus at short times", run => IsExact(run) && HasFactor(run, "embedded-torus")),
        new("horn1987orientation", "the nearest rotation, by quaternions", run => HasFactor(run, "so3")),
        new("loaizaganem2019continuous", "why images are binarised for a Bernoulli decoder", run => run.Network.Decoder == "bernoulli"),
        new("lecun1998gradient", "the data set MNIST", run => run.Data == "mnist"),
    ];

    /// <summary>The entry in BibTeX.</summary>
    /// <param name="versions">The versions that made a run; by default those of this program.</param>
    public string Entry(IReadOnlyDictionary<string, string>? versions)
    {
        string version = Key switch
        {
            "diffusionvae" => versions?.GetValueOrDefault("DiffusionVae") ?? VersionOf(typeof(RunConfig)),
            "torchsharp" => versions?.GetValueOrDefault("TorchSharp") ?? VersionOf(typeof(Tensor)),
            _ => "",
        };
        return Entries[Key].Replace("VERSION", version, StringComparison.Ordinal);
    }

    private static bool IsAligned(RunConfig run) =>
        run.Training.Initialisation == Initialisation.Aligned && run.Manifold.Split('*').Any(factor => !IsOf(factor, "euclidean"));

    /// <summary>Of a product whose factors are treated differently, the method is not written down.</summary>
    private static bool IsExact(RunConfig run) => run.Latent.Divergence is DivergenceMethod.Exact or null;

    private static bool HasFactor(RunConfig run, params string[] families) =>
        run.Manifold.Split('*').Any(factor => IsOf(factor, families));

    private static bool IsOf(string factor, params string[] families) => families.Contains(factor.Split(':')[0]);

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Dictionary<string, string> ReadEntries()
    {
        using Stream resource = typeof(Reference).Assembly.GetManifestResourceStream("references.bib")!;
        using var text = new StreamReader(resource);
        return text.ReadToEnd().Split("\n\n").Select(entry => entry.Trim()).ToDictionary(entry => entry[(entry.IndexOf('{', StringComparison.Ordinal) + 1)..entry.IndexOf(',', StringComparison.Ordinal)]);
    }
}
