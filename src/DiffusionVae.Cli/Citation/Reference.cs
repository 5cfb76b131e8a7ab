using System.Reflection;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Citation;

/// <summary>A work to cite.</summary>
/// <param name="Key">Its key in BibTeX.</param>
/// <param name="For">What is owed to it.</param>
/// <param name="IsUsedBy">Whether a run uses it; null where every run does.</param>
/// <param name="BibTex">Its entry; null where <c>references.bib</c> has it.</param>
internal sealed record Reference(string Key, string For, Func<RunConfig, bool>? IsUsedBy = null, string? BibTex = null)
{
    private static readonly Dictionary<string, string> Entries = ReadEntries();

    /// <summary>
    /// All works, in the order in which to print them: of every run, of the latent space, and of the data.
    /// </summary>
    public static IReadOnlyList<Reference> All => [.. OfTheMethod, .. OfManifolds(), .. OfTheData];

    private static readonly Reference[] OfTheMethod =
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
    ];

    private static readonly Reference[] OfTheData =
    [
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
        return (BibTex ?? Entries[Key]).Replace("VERSION", version, StringComparison.Ordinal);
    }

    /// <summary>What the families of the catalogue name; a work that several of them name, once.</summary>
    private static IEnumerable<Reference> OfManifolds() => ManifoldCatalogue.Families
        .SelectMany(family => family.References, (family, work) => (family, work))
        .GroupBy(pair => KeyOf(pair.work.BibTex), (key, pairs) => OfManifolds(key, [.. pairs]));

    private static Reference OfManifolds(string key, (ManifoldFamily Family, ManifoldReference Work)[] pairs) => new(
        key,
        pairs[0].Work.Topic,
        run => pairs.Any(pair => FamiliesOf(run).Contains(pair.Family.Name) && (IsExact(run) || !pair.Work.IsOfHeatKernel)),
        pairs[0].Work.BibTex);

    private static bool IsAligned(RunConfig run) =>
        run.Training.Initialisation == Initialisation.Aligned && FamiliesOf(run).Any(name => !IsVectorSpace(name));

    /// <summary>
    /// For a product whose components have unlike divergences, the method is not in the configuration.
    /// </summary>
    private static bool IsExact(RunConfig run) => run.Latent.Divergence is DivergenceMethod.Exact or null;

    private static string[] FamiliesOf(RunConfig run) => [.. run.Manifold.Split('*').Select(id => id.Split(':')[0])];

    /// <summary>
    /// Whether the members of a family are vector spaces; false for a name that the catalogue does not have.
    /// </summary>
    private static bool IsVectorSpace(string name) =>
        ManifoldCatalogue.Families.FirstOrDefault(family => family.Name == name) is { } family
        && ManifoldCatalogue.Parse(family.Examples[0]) is IVectorSpace;

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Dictionary<string, string> ReadEntries()
    {
        using Stream resource = typeof(Reference).Assembly.GetManifestResourceStream("references.bib")!;
        using var text = new StreamReader(resource);
        return text.ReadToEnd().Split("\n\n").Select(entry => entry.Trim()).ToDictionary(KeyOf);
    }

    private static string KeyOf(string entry) =>
        entry[(entry.IndexOf('{', StringComparison.Ordinal) + 1)..entry.IndexOf(',', StringComparison.Ordinal)];
}
