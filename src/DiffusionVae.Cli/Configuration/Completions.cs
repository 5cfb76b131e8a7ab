using System.CommandLine.Completions;
using DiffusionVae.Data;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Configuration;

/// <summary>The words that shell completion offers.</summary>
internal static class Completions
{
    /// <summary>The names of manifolds, also for the next component of a product.</summary>
    public static IEnumerable<CompletionItem> Manifolds(CompletionContext context)
    {
        string done = context.WordToComplete[..(context.WordToComplete.LastIndexOf('*') + 1)];
        return ManifoldCatalogue.Names.Select(name => new CompletionItem(done + name));
    }

    /// <summary>The usual devices.</summary>
    public static IEnumerable<CompletionItem> Devices(CompletionContext context) => [new("cpu"), new("cuda")];

    /// <summary>The names of data sets. The shell itself completes folders and files.</summary>
    public static IEnumerable<CompletionItem> DataSets(CompletionContext context) =>
        DataCatalogue.Entries.Select(entry => new CompletionItem(entry.Name));
}
