using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Architecture.Tests;

/// <summary>Where a dispose scope of TorchSharp is open, which holds all tensors that are made meanwhile.</summary>
internal sealed class DisposeScopes(Compilation compilation)
{
    private readonly ILookup<string, SimpleNameSyntax> _names = compilation.SyntaxTrees.AsParallel().SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()).ToLookup(static name => name.Identifier.ValueText);
    private readonly Dictionary<ISymbol, bool> _known = new(SymbolEqualityComparer.Default);

    /// <summary>Whether everything that uses the member in its project does so in a scope, or in another such member.</summary>
    public bool IsAlwaysOpenIn(ISymbol member)
    {
        if (_known.TryGetValue(member, out var known)) return known;

        // Of one that uses itself the others decide.
        _known.Add(member, true);
        return _known[member] = !IsCalledElsewhere(member) && Uses(member) is { Count: > 0 } uses && uses.TrueForAll(use => IsOpenAt(use) || (UserOf(use) is { } user && IsAlwaysOpenIn(user)));
    }

    /// <summary>Whether the code around opened a scope before. A lambda is taken to run where it is written.</summary>
    public static bool IsOpenAt(SyntaxNode code) => code.Ancestors().Any(around => around switch
    {
        BlockSyntax block => Opens(block.Statements, code),
        SwitchSectionSyntax section => Opens(section.Statements, code),
        UsingStatementSyntax { Expression: { } scope } => Opens(scope),
        UsingStatementSyntax { Declaration: { } scope } => Opens(scope),
        _ => false,
    });

    private static bool Opens(SyntaxList<StatementSyntax> statements, SyntaxNode before) =>
        statements.TakeWhile(statement => statement.SpanStart < before.SpanStart).Any(static statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } && Opens(statement));

    private static bool Opens(SyntaxNode scope) => scope.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(static name => name.Identifier.ValueText == "NewDisposeScope");

    private List<SimpleNameSyntax> Uses(ISymbol member) => [.. _names[member.Name].Where(name =>
        compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name).Symbol is { } symbol
        && SymbolEqualityComparer.Default.Equals((symbol is IMethodSymbol { ReducedFrom: { } plain } ? plain : symbol).OriginalDefinition, member))];

    /// <summary>The member that calls; null where a delegate is made, which runs wherever that is called.</summary>
    private ISymbol? UserOf(SimpleNameSyntax use) =>
        use.Parent is InvocationExpressionSyntax or MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } && use.Ancestors().OfType<MemberDeclarationSyntax>().First() is not BaseFieldDeclarationSyntax and var user
            ? compilation.GetSemanticModel(use.SyntaxTree).GetDeclaredSymbol(user)
            : null;

    private static bool IsCalledElsewhere(ISymbol member) =>
        member is not IMethodSymbol { MethodKind: MethodKind.Ordinary } || member.IsVirtual || member.IsAbstract || member.IsOverride || Outer(member).All(static symbol => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal)
        || member.ContainingType.AllInterfaces.SelectMany(static type => type.GetMembers()).Any(promised => SymbolEqualityComparer.Default.Equals(member.ContainingType.FindImplementationForInterfaceMember(promised), member));

    private static IEnumerable<ISymbol> Outer(ISymbol member)
    {
        for (var symbol = member; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol) yield return symbol;
    }
}
