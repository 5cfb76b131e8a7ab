using System.Globalization;

namespace DiffusionVae.Manifolds;

/// <summary>Manifold families by name, and the reading of ids.</summary>
/// <threadsafety>All members may be called from any thread.</threadsafety>
internal sealed class ManifoldRegistry(IReadOnlyList<ManifoldFamily> builtIn)
{
    private readonly Lock registering = new();
    private volatile IReadOnlyList<ManifoldFamily> families = builtIn;

    /// <summary>All families: those built in, then those registered, in the order of registration.</summary>
    public IReadOnlyList<ManifoldFamily> Families => families;

    /// <summary>Every name that <see cref="Parse"/> accepts without further numbers.</summary>
    public IEnumerable<string> Names => Families.SelectMany(family => family.ShortForms.Keys.Concat(family.Examples)).Distinct();

    /// <inheritdoc cref="ManifoldCatalogue.Register"/>
    public void Register(ManifoldFamily family)
    {
        ArgumentNullException.ThrowIfNull(family);
        RequireWellFormed(family);
        lock (registering)
        {
            RequireNewNames(family);
            families = [.. families, family];
        }
    }

    /// <inheritdoc cref="ManifoldCatalogue.Parse"/>
    public IManifold Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        string full = Families.SelectMany(family => family.ShortForms).FirstOrDefault(form => form.Key == id).Value ?? id;
        ManifoldFamily family = Families.FirstOrDefault(family => family.Name == NameOf(full)) ?? throw Unknown(id);
        return Create(family, full, id);
    }

    private static string NameOf(string id) => id.Split(':', 2)[0];

    private static IManifold Create(ManifoldFamily family, string full, string typed)
    {
        string[] parts = full.Split(':', 2);
        try
        {
            return family.Create(parts.Length == 1 ? [] : [.. parts[1].Split(',').Select(Number)]);
        }
        catch (FormatException fault)
        {
            throw new FormatException(
                $"Manifold '{typed}' is not of the form {family.Syntax}: it takes {fault.Message}; an example is {family.Examples[^1]}.",
                fault);
        }
    }

    private FormatException Unknown(string id)
    {
        string nearest = Suggestion.DidYouMean(id, Names);
        string kinds = string.Join(", ", Families.Select(family => family.Syntax));
        return new FormatException($"There is no manifold '{id}'.{nearest} There are {kinds}, and products such as sphere:2*torus:1.");
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"numbers, but '{text}' is not a number");

    /// <summary>What can be checked of a family by itself.</summary>
    private static void RequireWellFormed(ManifoldFamily family)
    {
        foreach (string name in family.ShortForms.Keys.Prepend(family.Name))
        {
            if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny(":*, \t"))
            {
                throw Refused(family, $"'{name}' is no name: a name has no colon, asterisk, comma or blank, and is not empty.");
            }
        }
        if (family.Examples.Count == 0)
        {
            throw Refused(family, "it has no example. Give at least one id.");
        }
        foreach (string id in family.Examples.Concat(family.ShortForms.Values))
        {
            if (NameOf(id) != family.Name)
            {
                throw Refused(family, $"the id '{id}' does not begin with the family's name.");
            }
            string made = MadeBy(family, id);
            if (made != id)
            {
                throw Refused(family, $"the id '{id}' makes a manifold whose Id is '{made}'. The two must be equal, so that a run "
                    + $"can be opened again.");
            }
        }
    }

    private static string MadeBy(ManifoldFamily family, string id)
    {
        try
        {
            return Create(family, id, id).Id;
        }
        catch (FormatException fault)
        {
            throw Refused(family, fault.Message);
        }
    }

    /// <summary>Names decide which manifold an id means, so each may occur once.</summary>
    private void RequireNewNames(ManifoldFamily family)
    {
        foreach (ManifoldFamily other in families)
        {
            foreach (string name in family.ShortForms.Keys.Prepend(family.Name))
            {
                if (other.Name == name || other.ShortForms.ContainsKey(name))
                {
                    throw Refused(family, $"the name '{name}' belongs to the family {other.Syntax} already. Choose another name.");
                }
            }
        }
    }

    private static ArgumentException Refused(ManifoldFamily family, string reason) =>
        new($"The manifold family '{family.Name}' cannot be registered: {reason}", nameof(family));
}
