using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Finds assignments by what they look like: also those that do not compile, for want of a setter.</summary>
internal static class AssignedNames
{
    /// <summary>The names that post-load methods assign, each with the methods.</summary>
    public static ILookup<string, string> ByPostLoads(INamedTypeSymbol type, CancellationToken cancel) =>
        By(type, static method => method.Attribute("PostLoadAttribute") is not null, cancel);

    /// <summary>The names that constructors assign.</summary>
    public static ILookup<string, string> ByConstructors(INamedTypeSymbol type, CancellationToken cancel) =>
        By(type, static method => method.MethodKind == MethodKind.Constructor, cancel);

    private static ILookup<string, string> By(INamedTypeSymbol type, Func<IMethodSymbol, bool> isMeant, CancellationToken cancel) =>
        (from method in type.GetMembers().OfType<IMethodSymbol>()
         where isMeant(method)
         from reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences
         let syntax = reference.GetSyntax(cancel)
         where syntax is BaseMethodDeclarationSyntax
         let locals = new HashSet<string>(syntax.DescendantNodes().OfType<VariableDeclaratorSyntax>().Select(static local => local.Identifier.ValueText))
         from assignment in syntax.DescendantNodes().OfType<AssignmentExpressionSyntax>()
         from name in Names(assignment.Left)
         where !locals.Contains(name)
         select (Name: name, Method: method.Name)).ToLookup(static pair => pair.Name, static pair => pair.Method);

    private static IEnumerable<string> Names(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => [name.Identifier.ValueText],
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => [name.Identifier.ValueText],
        TupleExpressionSyntax tuple => tuple.Arguments.SelectMany(static argument => Names(argument.Expression)),
        _ => [],
    };
}
