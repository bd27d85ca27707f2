using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the members that give the sizes of axes.</summary>
internal static class AxisParser
{
    private const string Shard = "global::Lanyard.Shard";

    public static EquatableArray<AxisModel> Parse(ImmutableArray<ISymbol> members, SourceReader reader) => members
        .Select(member => Parse(member, members, reader))
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

    /// <summary>The axes that another one is tied to: a member by its name in C#, or names as in patterns.</summary>
    public static string Axes(string text) => SyntaxFacts.IsValidIdentifier(text) ? SnakeCase.Of(text) : text;

    private static AxisModel? Parse(ISymbol member, ImmutableArray<ISymbol> members, SourceReader reader)
    {
        if (Declared(member, reader) is not var (attribute, type)) return null;
        var given = Given(member, reader.Cancel);
        return new AxisModel(
            SnakeCase.Of(member.Name),
            Identifiers.Escape(member.Name),
            member.IsStatic,
            type.SpecialType is SpecialType.System_UInt64 or SpecialType.System_UIntPtr,
            attribute.Enumeration(Shard) ?? Shard + ".None",
            attribute.Named("Replicate") is true,
            attribute.Texts().ToImmutableArray(),
            attribute.Named("PadTo") as int? ?? 1,
            Rest(attribute).ToImmutableArray())
        {
            Value = member is IFieldSymbol { HasConstantValue: true, ConstantValue: IConvertible constant } ? constant.ToInt64(CultureInfo.InvariantCulture)
                : given is LiteralExpressionSyntax { Token.Value: IConvertible number and not string } ? number.ToInt64(CultureInfo.InvariantCulture)
                : null,
            Same = given is IdentifierNameSyntax { Identifier.ValueText: var name } && members.Any(other => other.Name == name && Declared(other, reader) is not null) ? SnakeCase.Of(name) : null,
            Config = attribute.Named("Config") as string,
        };
    }

    /// <summary>How a member is declared as an axis, and its type; null where it is none.</summary>
    private static (WrittenAttribute Attribute, ITypeSymbol Type)? Declared(ISymbol member, SourceReader reader)
    {
        if (member is not (IFieldSymbol or IPropertySymbol { IsIndexer: false, GetMethod: not null }) || !member.CanBeReferencedByName) return null;
        if (reader.Attributes(member, "Axis") is not [var attribute, ..]) return null;
        var type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
        return IsInteger(type.SpecialType) ? (attribute, type) : null;
    }

    /// <summary>What a property gives in all classes, and nothing else: <c>int Pair => 2;</c>, <c>int BiasOut => Out;</c>.</summary>
    private static ExpressionSyntax? Given(ISymbol member, CancellationToken cancel) => member is IPropertySymbol { IsVirtual: false, IsOverride: false, IsAbstract: false, DeclaringSyntaxReferences: [var reference] }
        ? (reference.GetSyntax(cancel) as PropertyDeclarationSyntax)?.ExpressionBody?.Expression
        : null;

    private static IEnumerable<string> Rest(WrittenAttribute attribute)
    {
        if (attribute.Named("Follows") is string follows) yield return $"Follows = {Literals.Text(Axes(follows))}";
        if (attribute.Named("Unit") is int and not 0 and var unit) yield return "Unit = " + unit.ToString(CultureInfo.InvariantCulture);
        if (attribute.Named("Padded") is true) yield return "Padded = true";
        if (attribute.Named("Whole") is true) yield return "Whole = true";
        if (attribute.Named("PadWithin") is string within) yield return $"PadWithin = {Literals.Text(Axes(within))}";
    }
}
