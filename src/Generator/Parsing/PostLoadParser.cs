using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads from the bodies of post-load methods which parameters they touch, and in which order the methods run.</summary>
internal sealed class PostLoadParser(INamedTypeSymbol type, ImmutableArray<IPropertySymbol> parameters, Compilation compilation, CancellationToken cancel)
{
    private readonly Dictionary<string, int> _positions = parameters.Select(static (property, i) => (property.Name, i)).ToDictionary(static pair => pair.Name, static pair => pair.i);

    public EquatableArray<PostLoadModel> Parse()
    {
        var methods = type.GetMembers().OfType<IMethodSymbol>()
            .Where(static method => method is { IsGenericMethod: false, Parameters.IsEmpty: true, PartialDefinitionPart: null } && method.Attribute("PostLoadAttribute") is not null)
            .Select(Parse)
            .ToList();
        return InOrder(methods);
    }

    /// <summary>The names of the parameters that a method assigns, itself or by methods that it calls.</summary>
    public IReadOnlyList<string> AssignedBy(IMethodSymbol method)
    {
        var effects = new Effects();
        Follow(method.PartialImplementationPart ?? method, effects, []);
        return [.. effects.Writes.Select(position => parameters[position].Name)];
    }

    private PostLoadModel Parse(IMethodSymbol method)
    {
        var effects = new Effects();
        Follow(method.PartialImplementationPart ?? method, effects, []);
        var undo = method.Attribute("PostLoadAttribute")!.Named("Undo") as string;
        var undoing = undo is null ? null : type.GetMembers(undo).OfType<IMethodSymbol>().FirstOrDefault(static method => method.Parameters.IsEmpty);
        return new PostLoadModel(
            method.Name,
            method.IsStatic,
            effects.Reads.ToImmutableArray(),
            effects.Writes.ToImmutableArray(),
            undoing?.Name,
            undoing?.IsStatic ?? false);
    }

    private void Follow(IMethodSymbol method, Effects effects, HashSet<ISymbol> followed)
    {
        if (!followed.Add(method)) return;
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            cancel.ThrowIfCancellationRequested();
            var syntax = reference.GetSyntax(cancel);
            SemanticModel? model = null;
            foreach (var name in syntax.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                // Text first: a symbol is looked up only where it may be one of ours.
                var text = name.Identifier.ValueText;
                var isParameter = _positions.TryGetValue(text, out var position) && !IsNamed(name);
                if (!isParameter && !type.GetMembers(text).Any(static member => member is IMethodSymbol or IPropertySymbol { IsPartialDefinition: false })) continue;
                model ??= compilation.GetSemanticModel(syntax.SyntaxTree);
                var symbol = model.GetSymbolInfo(name, cancel).Symbol;
                if (isParameter && symbol is IPropertySymbol property && SymbolEqualityComparer.Default.Equals(property.OriginalDefinition.ContainingType, type.OriginalDefinition))
                    effects.Add(position, name);
                else if (symbol is IMethodSymbol called && IsOwn(called))
                    Follow(called.OriginalDefinition, effects, followed);
                else if (symbol is IPropertySymbol { GetMethod: { } getter } helper && IsOwn(helper))
                    Follow(getter.OriginalDefinition, effects, followed);
            }
        }
    }

    private bool IsOwn(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition.ContainingType, type.OriginalDefinition);

    private static bool IsNamed(SyntaxNode name) =>
        name.FirstAncestorOrSelf<InvocationExpressionSyntax>(static call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" }) is not null;

    /// <summary>Whoever assigns a parameter runs before those that only read it; others in order of declaration.</summary>
    private static EquatableArray<PostLoadModel> InOrder(List<PostLoadModel> methods)
    {
        var ordered = ImmutableArray.CreateBuilder<PostLoadModel>(methods.Count);
        while (methods.Count > 0)
        {
            var next = methods.Find(method => !methods.Exists(other => other != method && other.Writes.Any(written => method.Reads.Contains(written) && !method.Writes.Contains(written)))) ?? methods[0];
            methods.Remove(next);
            ordered.Add(next);
        }
        return ordered.ToImmutable();
    }

    private sealed class Effects
    {
        public SortedSet<int> Reads { get; } = [];

        public SortedSet<int> Writes { get; } = [];

        public void Add(int position, SimpleNameSyntax name)
        {
            ExpressionSyntax access = name;
            if (access.Parent is MemberAccessExpressionSyntax member && member.Name == name) access = member;
            while (access.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }) access = (ExpressionSyntax)access.Parent;
            var (reads, writes) = access.Parent switch
            {
                AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment when assignment.Left == access => (false, true),
                AssignmentExpressionSyntax assignment when assignment.Left == access => (true, true),
                ArgumentSyntax { Parent: TupleExpressionSyntax tuple } when IsTarget(tuple) => (false, true),
                ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => (true, true),
                PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } => (true, true),
                PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } => (true, true),
                _ => (true, false),
            };
            if (reads) Reads.Add(position);
            if (writes) Writes.Add(position);
        }

        private static bool IsTarget(TupleExpressionSyntax tuple) => tuple.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == tuple,
            ArgumentSyntax { Parent: TupleExpressionSyntax outer } => IsTarget(outer),
            _ => false,
        };
    }
}
