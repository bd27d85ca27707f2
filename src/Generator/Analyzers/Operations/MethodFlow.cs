using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What the methods of a compilation do with their arguments, and what they hand out. A body is read once, and only where a parameter's tensor comes to it.</summary>
internal sealed class MethodFlow
{
    private static readonly ConditionalWeakTable<Compilation, MethodFlow> Compilations = new();

    private readonly ConcurrentDictionary<(ISymbol Method, ISymbol? Argument, string Part), ImmutableArray<Origin>> _results = new();
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<ArgumentEffect>> _effects = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the body of a method can be read.</summary>
    public static bool IsSeen(IMethodSymbol? method) => method is not null && Bodies(method).Any();

    /// <summary>Where the values come from that a method returns, or puts into an argument.</summary>
    public static ImmutableArray<Origin> Results(IMethodSymbol method, IParameterSymbol? argument, ImmutableStack<string> part, IOperation site, Trail trail)
    {
        if (Of(site) is not { } flow || trail.IsReading(method.OriginalDefinition)) return [];
        var key = (method.OriginalDefinition, argument, string.Join(".", part));
        return flow._results.TryGetValue(key, out var known) ? known : Read(method.OriginalDefinition, site, trail, body => Results(body, argument, part, trail), results => flow._results[key] = results);
    }

    /// <summary>What a method does with the tensors that it is given.</summary>
    public static ImmutableArray<ArgumentEffect> Effects(IMethodSymbol method, IOperation site, Trail trail)
    {
        if (Of(site) is not { } flow || trail.IsReading(method.OriginalDefinition)) return [];
        return flow._effects.TryGetValue(method.OriginalDefinition, out var known) ? known : Read(method.OriginalDefinition, site, trail, body => Effects(body, method.OriginalDefinition, trail), effects => flow._effects[method.OriginalDefinition] = effects);
    }

    /// <summary>What the bodies of a method do.</summary>
    public static IEnumerable<IOperation> BodiesOf(IMethodSymbol method, SemanticModel model) => Bodies(method).Select(body => BodyOf(body, model)).OfType<IOperation>();

    private static MethodFlow? Of(IOperation site) => site.SemanticModel is { } model ? Compilations.GetValue(model.Compilation, static _ => new()) : null;

    /// <summary>Reads the body of a method; what was found is kept, unless the methods that led here are part of it.</summary>
    private static ImmutableArray<T> Read<T>(IMethodSymbol method, IOperation site, Trail trail, Func<IOperation, IEnumerable<T>> read, Action<ImmutableArray<T>> keep)
    {
        if (!trail.Enter(method)) return [];
        try
        {
            ImmutableArray<T> found = [.. Bodies(method).Select(body => BodyOf(body, site.SemanticModel!)).OfType<IOperation>().SelectMany(read).Distinct()];
            if (!trail.IsCut || trail.Depth == 1) keep(found);
            return found;
        }
        finally
        {
            trail.Leave(method);
        }
    }

    private static IEnumerable<ArgumentEffect> Effects(IOperation body, IMethodSymbol method, Trail trail) =>
        from operation in body.DescendantsAndSelf()
        where !Operation.IsNamed(operation)
        from use in TensorUses.In(operation, trail)
        from origin in use.Origins(trail)
        where origin.Argument is { } argument && IsOf(argument, method)
        select new ArgumentEffect(origin.Argument!, use.Effect, origin.Way);

    private static IEnumerable<Origin> Results(IOperation body, IParameterSymbol? argument, ImmutableStack<string> part, Trail trail) => Own(body).SelectMany(operation => operation switch
    {
        IReturnOperation { Kind: OperationKind.YieldReturn, ReturnedValue: { } value } when argument is null => ValueFlow.Of(value, Way.Itself with { IsElement = true }, part, trail),
        IReturnOperation { ReturnedValue: { } value } when argument is null => ValueFlow.Of(value, Way.Itself, part, trail),
        ISimpleAssignmentOperation { Target: IParameterReferenceOperation target } assignment when argument is not null && SymbolEqualityComparer.Default.Equals(target.Parameter.OriginalDefinition, argument) =>
            ValueFlow.Of(assignment.Value, Way.Itself, part, trail),
        _ => [],
    });

    private static bool IsOf(IParameterSymbol argument, IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(
        argument.ContainingSymbol.OriginalDefinition, argument.ContainingSymbol is INamedTypeSymbol ? method.ContainingType.OriginalDefinition : method);

    /// <summary>What runs when the method does: not the lambdas and functions in it.</summary>
    private static IEnumerable<IOperation> Own(IOperation body)
    {
        yield return body;
        foreach (var inner in body.ChildOperations)
        {
            if (inner is IAnonymousFunctionOperation or ILocalFunctionOperation) continue;
            foreach (var own in Own(inner)) yield return own;
        }
    }

    private static IOperation? BodyOf(SyntaxNode body, SemanticModel model) =>
        (body.SyntaxTree == model.SyntaxTree ? model : model.Compilation.GetSemanticModel(body.SyntaxTree)).GetOperation(body);

    private static IEnumerable<SyntaxNode> Bodies(IMethodSymbol method) => (method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition).DeclaringSyntaxReferences
        .Select(static reference => reference.GetSyntax())
        .Where(static syntax => syntax switch
        {
            BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
            AccessorDeclarationSyntax accessor => accessor.Body is not null || accessor.ExpressionBody is not null,
            LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax => true,
            _ => false,
        });
}
