using System.Reflection;
using System.Runtime.CompilerServices;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Tests.Architecture;

/// <summary>
/// What other people's code may depend on is written down, so that no change of it goes unseen.
/// </summary>
public class ApprovedApiTests
{
    private static readonly string Approved = Path.Combine(Repository.Root, "tests", "DiffusionVae.Tests", "Architecture", "PublicApi.txt");
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void The_public_interface_is_the_approved_one()
    {
        string found = string.Concat(
            typeof(Sphere).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Describe));
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Approved, found);
        }
        string approved = File.ReadAllText(Approved).ReplaceLineEndings("\n");
        string[] before = approved.Split('\n'), now = found.Split('\n');
        Assert.True(
            approved == found,
            $"The public interface has changed. If that is meant, run this test with "
                + $"UPDATE_SNAPSHOTS=1.\nGone:\n{string.Join('\n', before.Except(now))}\nNew:\n{string.Join('\n', now.Except(before))}");
    }

    private static string Describe(Type type)
    {
        string kind = type.IsEnum
            ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : "sealed class";
        IEnumerable<Type> bases = type.GetInterfaces().Append(type.BaseType).OfType<Type>()
            .Where(above => above.IsVisible && above != typeof(object) && above != typeof(ValueType) && !type.IsEnum);
        string inherits = string.Join(", ", bases.Select(Name).Order(StringComparer.Ordinal));
        const BindingFlags declared =
            BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        IEnumerable<string> members = type.GetMembers(declared).Select(Describe).OfType<string>().Order(StringComparer.Ordinal);
        return $"{kind} {type.Namespace}.{Name(type)}{(inherits.Length > 0 ? " : " + inherits : "")}\n"
            + string.Concat(members.Select(member => $"    {member}\n"));
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsPublic: true, IsLiteral: true } field =>
            $"const {Name(field.FieldType)} {field.Name} = {FormattableString.Invariant($"{field.GetRawConstantValue()}")}",
        ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) =>
            $"{Static(property.GetAccessors(true)[0])}{Name(property.PropertyType)}{Mark(Nullability.Create(property))} {property.Name} "
            + $"{{{string.Concat(property.GetAccessors(true).Where(IsVisible).Select(Accessor))} }}",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !method.Name.Contains('<', StringComparison.Ordinal) =>
            $"{Static(method)}{Name(method.ReturnType)}{Mark(Nullability.Create(method.ReturnParameter))} "
            + $"{method.Name}{Generic(method)}({Parameters(method)})",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Accessor(MethodInfo accessor) => accessor.ReturnType == typeof(void)
        ? accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
        : " get;";

    private static string Static(MethodBase method) =>
        method.IsStatic
        ? "static "
        : method.IsFamily ? "protected "
        : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract "
        : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)}{Mark(Nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? FormattableString.Invariant($" = {parameter.RawDefaultValue ?? "null"}") : "")));

    private static string Mark(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "";

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsByRef: true } => "ref " + Name(type.GetElementType()!),
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };
}
