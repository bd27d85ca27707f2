using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Tells whether the constructors of a class may read its parameters, as <c>init.ones_(Weight)</c> does.</summary>
internal static class ConstructorParser
{
    // Called by nearly every constructor, and they read nothing.
    private static readonly string[] Quiet = ["CreateParameters", "RegisterComponents", "register_module", "register_buffer", "register_parameter"];

    private static readonly string[] Listing = ["parameters", "named_parameters", "state_dict", "get_parameter", "apply", "Parameters"];

    public static bool Reads(INamedTypeSymbol type, ImmutableArray<IPropertySymbol> properties, SourceReader reader)
    {
        foreach (var constructor in type.InstanceConstructors)
        {
            foreach (var reference in (constructor.PartialImplementationPart ?? constructor).DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(reader.Cancel) is ConstructorDeclarationSyntax declaration && declaration.DescendantNodes().OfType<SimpleNameSyntax>().Any(name => MayRead(name, type, properties))) return true;
            }
        }
        return false;
    }

    // From the text: to bind all constructors would cost at each edit. What is wrongly taken for a read lets parameters be read until the constructor ends.
    private static bool MayRead(SimpleNameSyntax name, INamedTypeSymbol type, ImmutableArray<IPropertySymbol> properties)
    {
        var text = name.Identifier.ValueText;
        if (properties.Any(property => property.Name == text)) return (NameUses.Of(name) & NameUse.Read) != 0;
        return name.Parent switch
        {
            InvocationExpressionSyntax => IsOwnMethod(text),
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax, Parent: InvocationExpressionSyntax } => IsOwnMethod(text),
            _ => false,
        };

        bool IsOwnMethod(string method) => !Quiet.Contains(method) && (Listing.Contains(method)
            || KnownTypes.BasesOf(type).Any(owner => owner.GetMembers(method).Any(static member => member is IMethodSymbol { IsStatic: false })));
    }
}
