using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Locations;

/// <summary>Finds the code to point at.</summary>
internal static class Locate
{
    /// <summary>The name of the class in the part that has the attribute.</summary>
    public static Location Type(INamedTypeSymbol type, AttributeData attribute, CancellationToken cancel) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancel).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.GetLocation() ?? type.Locations[0];

    /// <summary>The name of a member, as its author wrote it.</summary>
    public static Location Member(ISymbol member) => member.Locations[0];

    /// <summary>The name that an expression ends with: <c>W</c> of <c>layer.W</c>, <c>Run</c> of <c>layer.Run()</c>; else all of it.</summary>
    public static Location Name(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax call => Name(call.Expression),
        MemberAccessExpressionSyntax member => member.Name.GetLocation(),
        MemberBindingExpressionSyntax member => member.Name.GetLocation(),
        PostfixUnaryExpressionSyntax suppressed => Name(suppressed.Operand),
        ParenthesizedExpressionSyntax inner => Name(inner.Expression),
        _ => syntax.GetLocation(),
    };

    /// <summary>What makes a value: the type after <c>new</c>, or the name of a method; else all of it.</summary>
    public static Location Made(SyntaxNode syntax) => syntax is ObjectCreationExpressionSyntax created ? created.Type.GetLocation() : Name(syntax);

    /// <summary>The declaration of a property by its author; the first part where it is partial.</summary>
    public static PropertyDeclarationSyntax? Declaration(IPropertySymbol property, CancellationToken cancel) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) as PropertyDeclarationSyntax;

    /// <summary>A whole attribute.</summary>
    public static Location Attribute(AttributeData attribute, ISymbol owner, CancellationToken cancel) =>
        attribute.ApplicationSyntaxReference is { } reference ? reference.GetSyntax(cancel).GetLocation() : owner.Locations[0];

    /// <summary>An argument of the attribute's constructor, by its position.</summary>
    public static AttributeArgumentSyntax? Argument(AttributeData attribute, int position, CancellationToken cancel)
    {
        var arguments = Arguments(attribute, cancel).Where(static argument => argument.NameEquals is null).ToList();
        var parameter = attribute.AttributeConstructor?.Parameters.ElementAtOrDefault(position)?.Name;
        return arguments.Find(argument => argument.NameColon?.Name.Identifier.ValueText == parameter)
            ?? (position < arguments.Count && arguments[position].NameColon is null ? arguments[position] : null);
    }

    /// <summary>A named argument: <c>Part = "q"</c>.</summary>
    public static AttributeArgumentSyntax? Argument(AttributeData attribute, string name, CancellationToken cancel) =>
        Arguments(attribute, cancel).FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name);

    /// <summary>A named argument, or the attribute where it has none.</summary>
    public static Location Named(AttributeData attribute, string name, ISymbol owner, CancellationToken cancel) =>
        Argument(attribute, name, cancel)?.GetLocation() ?? Attribute(attribute, owner, cancel);

    /// <summary>A stretch of a text that an argument spells, or the whole argument where it is not spelled here.</summary>
    public static Location Text(AttributeArgumentSyntax argument, int position, int length) =>
        LiteralText.Find(argument.Expression, position, length) is { } span
            ? Location.Create(argument.SyntaxTree, span)
            : argument.Expression.GetLocation();

    /// <summary>A modifier of a property, or its name.</summary>
    public static Location Modifier(IPropertySymbol property, SyntaxKind kind, CancellationToken cancel) =>
        Declaration(property, cancel)?.Modifiers.FirstOrDefault(modifier => modifier.IsKind(kind)) is { RawKind: not 0 } token
            ? token.GetLocation()
            : Member(property);

    private static IEnumerable<AttributeArgumentSyntax> Arguments(AttributeData attribute, CancellationToken cancel) =>
        (attribute.ApplicationSyntaxReference?.GetSyntax(cancel) as AttributeSyntax)?.ArgumentList?.Arguments ?? [];
}
