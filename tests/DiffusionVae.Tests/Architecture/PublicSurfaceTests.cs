using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;

namespace DiffusionVae.Tests.Architecture;

/// <summary>What users of the library see: closed classes, and a word about everything.</summary>
public partial class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(Sphere).Assembly;

    [Fact]
    public void Public_classes_are_sealed_abstract_or_static() =>
        Assert.Empty(
            Library.GetExportedTypes().Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract).Select(type => type.FullName));

    [Fact]
    public void Public_fields_are_constants_or_members_of_enumerations() =>
        Assert.Empty(Members().OfType<FieldInfo>().Where(field => !field.IsLiteral && !field.IsSpecialName).Select(Describe));

    [Fact]
    public void Public_types_and_members_are_documented()
    {
        XElement members = XDocument.Load(Path.ChangeExtension(Library.Location, ".xml")).Root!.Element("members")!;
        ILookup<string, XElement> byName = members.Elements("member").ToLookup(member => member.Attribute("name")!.Value.Split('(')[0]);
        IEnumerable<string> missing =
            from member in Library.GetExportedTypes().Concat(Members())
            let entries = byName[DocumentationName(member)]
            where !entries.Any(HasText) && !IsParameterOfRecord(member, byName)
            select Describe(member);
        Assert.Empty(missing);
    }

    [Fact]
    public void There_are_at_most_110_public_types() => Assert.InRange(Library.GetExportedTypes().Length, 1, 110);

    /// <summary>
    /// Equality of such records would compare references, not values. Options may have lists of numbers.
    /// </summary>
    [Fact]
    public void Records_hold_no_tensors_and_results_no_lists()
    {
        IEnumerable<string> violations =
            from type in Library.GetExportedTypes()
            where IsRecord(type)
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let isList = property.PropertyType.IsGenericType
                && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)
            where property.PropertyType == typeof(TorchSharp.torch.Tensor)
                || (isList && !type.Name.EndsWith("Options", StringComparison.Ordinal) && type != typeof(RunConfig))
            select Describe(property);
        Assert.Empty(violations);
    }

    [Fact]
    public void Every_public_type_is_named_in_a_sample_or_a_page_of_documentation()
    {
        string[] folders = ["samples", "docs"];
        IEnumerable<string> files = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" && !file.Split(Path.DirectorySeparatorChar).Contains("obj"));
        HashSet<string> words = [.. files.SelectMany(file => Word().Matches(File.ReadAllText(file))).Select(match => match.Value)];
        Assert.Empty(Library.GetExportedTypes().Select(type => type.Name.Split('`')[0]).Except(words));
    }

    [Fact]
    public void There_is_something_to_see()
    {
        Assert.True(Library.GetExportedTypes().Length > 20);
        Assert.True(Members().Count() > 200);
    }

    /// <summary>What is declared to be seen from outside and was written by hand.</summary>
    private static IEnumerable<MemberInfo> Members() =>
        from type in Library.GetExportedTypes()
        where !typeof(Delegate).IsAssignableFrom(type)
        from member in type.GetMembers(
            BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
        where member is not Type && IsVisible(member) && !IsWrittenByTheCompiler(member)
        select member;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed),
        FieldInfo field => field.IsPublic,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        _ => false,
    };

    private static bool IsWrittenByTheCompiler(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute))
        || (member is MethodInfo { IsSpecialName: true })
        || (member is FieldInfo { IsSpecialName: true })
        // Of a record: the constructor of its parameters is documented with the type, the copying one not at
        // all.
        || (member is ConstructorInfo constructor && (constructor.GetParameters().Length == 0 || IsRecord(constructor.DeclaringType!)));

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
            || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static bool IsParameterOfRecord(MemberInfo member, ILookup<string, XElement> byName) =>
        member is PropertyInfo && IsRecord(member.DeclaringType!)
        && byName[DocumentationName(member.DeclaringType!)].Elements("param")
            .Any(parameter => parameter.Attribute("name")!.Value == member.Name && HasText(parameter));

    private static bool HasText(XElement entry) => entry.Value.Trim().Length > 0 || entry.Descendants("inheritdoc").Any();

    private static string DocumentationName(MemberInfo member) => member switch
    {
        Type type => "T:" + Name(type),
        ConstructorInfo => $"M:{Name(member.DeclaringType!)}.#ctor",
        MethodInfo method =>
            $"M:{Name(member.DeclaringType!)}.{member.Name}{(method.IsGenericMethod ? "``" + method.GetGenericArguments().Length : "")}",
        PropertyInfo => $"P:{Name(member.DeclaringType!)}.{member.Name}",
        _ => $"F:{Name(member.DeclaringType!)}.{member.Name}",
    };

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Describe(MemberInfo member) => $"{member.DeclaringType?.FullName}.{member.Name}";

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
