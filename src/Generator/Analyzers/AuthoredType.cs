using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers;

/// <summary>What a rule looks at in one type, which this generator did not write.</summary>
public sealed class AuthoredType(SymbolStartAnalysisContext context, AuthoredCode code)
{
    /// <summary>The type.</summary>
    public INamedTypeSymbol Symbol => (INamedTypeSymbol)context.Symbol;

    /// <summary>Calls an action for each operation of the kinds in the type.</summary>
    public void RegisterOperationAction(Action<OperationAnalysisContext> action, params OperationKind[] kinds) => RegisterOperationAction(action, kinds.ToImmutableArray());

    /// <summary>Calls an action for each operation of the kinds in the type.</summary>
    public void RegisterOperationAction(Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> kinds) => context.RegisterOperationAction(code.Outside(action), kinds);

    /// <summary>Calls an action when all of the type was seen.</summary>
    public void RegisterSymbolEndAction(Action<SymbolAnalysisContext> action) => context.RegisterSymbolEndAction(action);
}
