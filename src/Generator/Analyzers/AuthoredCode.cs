using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers;

/// <summary>What a rule looks at in one compilation: everything but what this generator wrote, whatever a file says of itself.</summary>
public sealed class AuthoredCode(CompilationStartAnalysisContext context)
{
    private readonly EmittedFiles _emitted = EmittedFiles.Of(context.Compilation);

    /// <summary>Calls an action for each operation of the kinds.</summary>
    public void RegisterOperationAction(Action<OperationAnalysisContext> action, params OperationKind[] kinds) => RegisterOperationAction(action, kinds.ToImmutableArray());

    /// <summary>Calls an action for each operation of the kinds.</summary>
    public void RegisterOperationAction(Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> kinds) => context.RegisterOperationAction(Outside(action), kinds);

    /// <summary>Calls an action for each symbol of the kinds. Of a partial member that the generator implements only the author's part is one.</summary>
    public void RegisterSymbolAction(Action<SymbolAnalysisContext> action, params SymbolKind[] kinds) => context.RegisterSymbolAction(
        found =>
        {
            if (!_emitted.Declares(found.Symbol)) action(found);
        },
        kinds);

    /// <summary>Calls an action for each of the project's <c>AdditionalFiles</c>.</summary>
    public void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action) => context.RegisterAdditionalFileAction(action);

    /// <summary>Calls an action for each piece of syntax of the kinds.</summary>
    public void RegisterSyntaxNodeAction<TKind>(Action<SyntaxNodeAnalysisContext> action, params TKind[] kinds)
        where TKind : struct => context.RegisterSyntaxNodeAction(
        found =>
        {
            if (!_emitted.Contains(found.Node.SyntaxTree)) action(found);
        },
        kinds);

    /// <summary>Calls an action at the start of each type.</summary>
    public void RegisterTypeStartAction(Action<AuthoredType> action) => context.RegisterSymbolStartAction(
        start =>
        {
            if (!_emitted.Declares(start.Symbol)) action(new AuthoredType(start, this));
        },
        SymbolKind.NamedType);

    /// <summary>An action that is not called for what the generator wrote.</summary>
    internal Action<OperationAnalysisContext> Outside(Action<OperationAnalysisContext> action) => found =>
    {
        if (!_emitted.Contains(found.Operation.Syntax.SyntaxTree)) action(found);
    };
}
