using System.Collections.Immutable;
using Lanyard.Generator.Models;
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
    public static ImmutableArray<IPropertySymbol> Find(ImmutableArray<ISymbol> members)
    {
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
            } && KnownTypes.IsParameter(property.Type) && property.Attribute("ParameterAttribute") is not null && names.Add(property.Name))
            .ToImmutableArray();
    }

    public static ParameterModel Parse(IPropertySymbol property, INamedTypeSymbol? entries, bool seesInternals, CancellationToken cancel)
    {
        var syntax = (PropertyDeclarationSyntax)property.DeclaringSyntaxReferences[0].GetSyntax(cancel);
        var modifiers = syntax.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.PartialKeyword)).Select(static modifier => modifier.Text + " ");
        return new ParameterModel(
            property.Name,
            SnakeCase.Of(property.Name),
            property.Attribute("ParameterAttribute")!.Text(0),
            property.Attribute("ParameterAttribute")!.Named("Kernel") as string,
            property.Attribute("ParameterAttribute")!.Enumeration("Type", "global::TorchSharp.torch.ScalarType"),
            string.Concat(modifiers),
            property.NullableAnnotation == NullableAnnotation.Annotated,
            When(property),
            (syntax.AccessorList?.Accessors ?? default).Select(Accessor).ToImmutableArray(),
            syntax.Initializer is not null,
            property.Attributes("FromCheckpointAttribute").Select(Source).ToImmutableArray(),
            entries is not null && Hides(entries, property.Name, seesInternals),
            entries is not null && Hides(KnownTypes.BasesOf(entries).Last(), property.Name, seesInternals));
    }

    private static AccessorModel Accessor(AccessorDeclarationSyntax accessor) =>
        new(string.Concat(accessor.Modifiers.Select(static modifier => modifier.Text + " ")), accessor.Keyword.ValueText);

    private static SourceModel Source(AttributeData attribute) =>
        new(attribute.Text(0), attribute.Text(1), attribute.Named("Part") as string, attribute.Named("Format") as string) { Encoding = EncodingParser.Parse(attribute) };

    private static string? When(IPropertySymbol property) => property.Attribute("ParameterAttribute")!.Named("When") is string { Length: > 0 } name
        ? Identifiers.Escape(name)
        : null;

    private static bool Hides(INamedTypeSymbol entries, string name, bool seesInternals) => KnownTypes.BasesOf(entries)
        .SelectMany(type => type.GetMembers(name))
        .Any(member => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            || (seesInternals && member.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal));
}
