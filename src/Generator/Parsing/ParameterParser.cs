using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the properties that the generator implements.</summary>
internal static class ParameterParser
{
    /// <summary>
    /// The definitions that can be implemented. An implementation that the author wrote besides is no reason to leave one out: the two
    /// then collide, where otherwise a parameter would silently have no loader.
    /// </summary>
    public static ImmutableArray<IPropertySymbol> Find(ImmutableArray<ISymbol> members, SourceReader reader)
    {
        // Only the first of a name: of a second definition the compiler tells the author, and would tell it again of generated code.
        var names = new HashSet<string>(StringComparer.Ordinal);
        return members
            .OfType<IPropertySymbol>()
            .Where(property => property is
            {
                IsPartialDefinition: true,
                IsStatic: false,
                IsIndexer: false,
                IsAbstract: false,
                RefKind: RefKind.None,
                GetMethod: not null,
                ExplicitInterfaceImplementations.IsEmpty: true,
            } && !WrittenNames.IsTakenInside(property.Name) && !HasInitialValue(property, reader.Cancel) && reader.Attributes(property, "Parameter").Count > 0 && KnownTypes.IsParameter(property.Type) && names.Add(property.Name))
            .ToImmutableArray();
    }

    public static ParameterModel Parse(IPropertySymbol property, INamedTypeSymbol? entries, bool seesInternals, SourceReader reader)
    {
        var syntax = (PropertyDeclarationSyntax)property.DeclaringSyntaxReferences[0].GetSyntax(reader.Cancel);
        var modifiers = syntax.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.PartialKeyword)).Select(static modifier => modifier.Text + " ");
        var attribute = reader.Attributes(property, "Parameter")[0];
        return new ParameterModel(
            property.Name,
            SnakeCase.Of(property.Name),
            attribute.Text(0),
            attribute.Named("Kernel") as string,
            attribute.Enumeration("Type", "global::TorchSharp.torch.ScalarType"),
            string.Concat(modifiers),
            property.NullableAnnotation == NullableAnnotation.Annotated,
            When(property.ContainingType, attribute.Named("When")),
            (syntax.AccessorList?.Accessors ?? default).Select(Accessor).ToImmutableArray(),
            reader.Attributes(property, "FromCheckpoint").Select(Source).ToImmutableArray(),
            entries is not null && Hides(entries, property.Name, seesInternals),
            entries is not null && Hides(KnownTypes.BasesOf(entries).Last(), property.Name, seesInternals))
        {
            Absent = attribute.Named("Absent") as double?,
            Constants = reader.Attributes(property, "Constant").Select(static constant => new ConstantModel(constant.Text(0), constant.Number(1), constant.Named("Format") as string)).ToImmutableArray(),
        };
    }

    /// <summary>The expression of a condition, after the module and a dot; null where none is named, or what no instance can be asked for: a rule says so.</summary>
    public static string? When(INamedTypeSymbol type, object? argument) =>
        argument is string { Length: > 0 } when && KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(when)).Any(IsCondition) ? Identifiers.Escape(when) : null;

    /// <summary>Whether an instance can be asked for a member's value, and it is true or false.</summary>
    public static bool IsCondition(ISymbol member) => member is IPropertySymbol { IsStatic: false, GetMethod: not null, Type.SpecialType: SpecialType.System_Boolean } or IFieldSymbol { IsStatic: false, Type.SpecialType: SpecialType.System_Boolean };

    /// <summary>Reads an accessor.</summary>
    public static AccessorModel Accessor(AccessorDeclarationSyntax accessor) =>
        new(string.Concat(accessor.Modifiers.Select(static modifier => modifier.Text + " ")), accessor.Keyword.ValueText);

    private static SourceModel Source(WrittenAttribute attribute) => new(attribute.Text(0), attribute.Text(1), attribute.Named("Part") as string, attribute.Named("Format") as string)
    {
        Encoding = EncodingParser.Encoding(attribute),
        Initializers = EncodingParser.Initializers(attribute),
        Options = EncodingParser.Options(attribute),
    };

    // It would get past the setter.
    private static bool HasInitialValue(IPropertySymbol property, CancellationToken cancel) => property.DeclaringSyntaxReferences[0].GetSyntax(cancel) is PropertyDeclarationSyntax { Initializer: not null };

    // The same few types for every class of a compilation; a name is looked up only where some member has it.
    private static bool Hides(INamedTypeSymbol entries, string name, bool seesInternals) => KnownTypes.BasesOf(entries)
        .Where(type => type.MemberNames.Contains(name))
        .SelectMany(type => type.GetMembers(name))
        .Any(member => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            || (seesInternals && member.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal));
}
