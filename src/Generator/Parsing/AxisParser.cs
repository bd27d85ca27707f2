using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Models;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the members that give the sizes of axes.</summary>
internal static class AxisParser
{
    public static EquatableArray<AxisModel> Parse(ImmutableArray<ISymbol> members) => members
        .Select(static member => Parse(member))
        .Where(static axis => axis is not null)
        .Select(static axis => axis!)
        .ToImmutableArray();

    /// <summary>Whether a type can be that of a size.</summary>
    public static bool IsInteger(SpecialType type) => type is
        SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
        or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
        or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>The names of an axis's indices.</summary>
    public static EquatableArray<string> Labels(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault(static argument => argument.Kind == TypedConstantKind.Array) is { IsNull: false, Kind: TypedConstantKind.Array } labels
            ? labels.Values.Select(static label => label.Value as string ?? "").ToImmutableArray()
            : ImmutableArray<string>.Empty;

    private static AxisModel? Parse(ISymbol member)
    {
        var type = member switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
            _ => null,
        };
        if (type is null || !member.CanBeReferencedByName || member.Attribute("AxisAttribute") is not { } attribute || !IsInteger(type.SpecialType)) return null;
        return new AxisModel(
            SnakeCase.Of(member.Name),
            Identifiers.Escape(member.Name),
            member.IsStatic,
            type.SpecialType is SpecialType.System_UInt64 or SpecialType.System_UIntPtr,
            Shard(attribute),
            attribute.Named("Replicate") is true,
            Labels(attribute),
            attribute.Named("PadTo") as int? ?? 1);
    }

    private static string Shard(AttributeData attribute)
    {
        const string name = "global::Lanyard.Shard";
        if (attribute.ConstructorArguments.FirstOrDefault(static argument => argument.Kind == TypedConstantKind.Enum) is not { Type: { } type, Value: { } value })
            return name + ".None";
        var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && value.Equals(field.ConstantValue));
        return member is null ? string.Format(CultureInfo.InvariantCulture, "({0})({1})", name, value) : name + "." + member.Name;
    }
}
