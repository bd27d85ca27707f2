using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Finds the parameters with which a class multiplies in a way that asks for an adapter: <c>Parameters.Weight.Linear(input)</c>.</summary>
// From syntax alone: what is behind Parameters is yet to be generated.
internal static class ProductParser
{
    private const string Linear = "Linear";
    private const string Adapted = "Adapted";

    /// <summary>The calls, by the names of the properties. Where a class has both for one, it has seen to all of its products itself.</summary>
    public static Dictionary<string, string> Parse(INamedTypeSymbol type, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            foreach (var call in reference.GetSyntax(cancel).DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Linear or Adapted, Expression: MemberAccessExpressionSyntax entry } product && IsOfThis(entry.Expression)
                    && (product.Name.Identifier.ValueText == Adapted || !found.ContainsKey(entry.Name.Identifier.ValueText))) found[entry.Name.Identifier.ValueText] = product.Name.Identifier.ValueText;
            }
        }
        return found;
    }

    private static bool IsOfThis(ExpressionSyntax expression) => expression is
        IdentifierNameSyntax { Identifier.ValueText: "Parameters" } or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: "Parameters" };
}
