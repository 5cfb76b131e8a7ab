using System.Reflection;
using System.Reflection.Emit;

namespace DiffusionVae.Tests.Architecture;

/// <summary>
/// The types that a type names anywhere: in its declaration, in signatures, and in the bodies of its methods.
/// </summary>
internal static class Uses
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        Add(found, type.GetInterfaces());
        Add(found, [.. type.GetFields(Declared).Select(field => field.FieldType)]);
        Add(found, [.. type.GetProperties(Declared).Select(property => property.PropertyType)]);
        Add(found, [.. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType)]);
        foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
        {
            Add(found, [.. method.GetParameters().Select(parameter => parameter.ParameterType), (method as MethodInfo)?.ReturnType]);
            if (method.GetMethodBody() is { } body)
            {
                Add(found, [.. body.LocalVariables.Select(local => local.LocalType)]);
                Add(found, [.. body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                    .Select(clause => clause.CatchType)]);
                foreach (MemberInfo member in Members(method, body.GetILAsByteArray()!))
                {
                    AddMember(found, member);
                }
            }
        }
        return found;
    }

    private static IEnumerable<MemberInfo> Members(MethodBase method, byte[] code)
    {
        Type[] ofType = method.DeclaringType!.GetGenericArguments(), ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == 0xfe ? (short)(0xfe00 | code[at + 1]) : code[at];
            at += code[at] == 0xfe ? 2 : 1;
            OpCode operation = OpCodesByValue[value];
            switch (operation.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 * BitConverter.ToInt32(code, at);
                    break;
            }
            at += Size(operation.OperandType);
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static void AddMember(HashSet<Type> found, MemberInfo member)
    {
        Add(found, member as Type ?? member.DeclaringType);
        switch (member)
        {
            case MethodInfo method:
                Add(found, [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType),
                    .. method.GetGenericArguments()]);
                break;
            case FieldInfo field:
                Add(found, field.FieldType);
                break;
        }
    }

    private static void Add(HashSet<Type> found, params Type?[] types)
    {
        foreach (Type? type in types)
        {
            if (type is null)
            {
                continue;
            }
            if (type.HasElementType)
            {
                Add(found, type.GetElementType());
                continue;
            }
            if (found.Add(type) && type.IsGenericType)
            {
                Add(found, type.GetGenericArguments());
            }
        }
    }
}
