using System.CommandLine.Completions;
using DiffusionVae.Data;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Configuration;

/// <summary>What a shell may put in place of a word that was begun.</summary>
internal static class Completions
{
    /// <summary>The names of manifolds, also as the next factor of a product.</summary>
    public static IEnumerable<CompletionItem> Manifolds(CompletionContext context)
    {
        string done = context.WordToComplete[..(context.WordToComplete.LastIndexOf('*') + 1)];
        return ManifoldCatalogue.Names.Select(name => new CompletionItem(done + name));
    }

    /// <summary>The devices that most machines have at most.</summary>
    public static IEnumerable<CompletionItem> Devices(CompletionContext context) => [new("cpu"), new("cuda")];

    /// <summary>The names of data sets; of folders and files the shell knows itself.</summary>
    public static IEnumerable<CompletionItem> DataSets(CompletionContext context) => DataCatalogue.Entries.Select(entry => new CompletionItem(entry.Name));
}
