using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads from the bodies of post-load methods which parameters they touch, and in which order the methods run.</summary>
internal sealed class PostLoadParser(INamedTypeSymbol type, ImmutableArray<IPropertySymbol> parameters, SourceReader reader)
{
    // No name comes twice, or this would throw: ParameterParser takes the first definition alone.
    private readonly Dictionary<string, int> _positions = parameters.Select(static (property, i) => (property.Name, i)).ToDictionary(static pair => pair.Name, static pair => pair.i);

    public EquatableArray<PostLoadModel> Parse()
    {
        var methods = type.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method is { MethodKind: MethodKind.Ordinary, PartialDefinitionPart: null }
                && reader.Attributes(method, "PostLoad").Count > 0
                && method is { IsGenericMethod: false, Parameters.IsEmpty: true })
            .Select(Parse)
            .ToImmutableArray();
        return InOrder(methods);
    }

    /// <summary>The names of the parameters that a method assigns, itself or by methods that it calls.</summary>
    public IReadOnlyList<string> AssignedBy(IMethodSymbol method)
    {
        var effects = new Effects();
        Follow(method, effects, []);
        return [.. effects.Writes.Select(position => parameters[position].Name)];
    }

    private PostLoadModel Parse(IMethodSymbol method)
    {
        var effects = new Effects();
        Follow(method, effects, []);
        var undo = reader.Attributes(method, "PostLoad")[0].Named("Undo") as string;
        var undoing = undo is null ? null : type.GetMembers(undo).OfType<IMethodSymbol>().FirstOrDefault(static method => method.Parameters.IsEmpty);
        var undone = new Effects();
        if (undoing is not null) Follow(undoing, undone, []);
        return new PostLoadModel(
            method.Name,
            method.IsStatic,
            effects.Reads.ToImmutableArray(),
            effects.Writes.ToImmutableArray(),
            undoing?.Name,
            undoing?.IsStatic ?? false,
            effects.Fields.Concat(undone.Fields).Distinct().ToImmutableArray());
    }

    private void Follow(IMethodSymbol method, Effects effects, HashSet<ISymbol> followed)
    {
        if (!followed.Add(method)) return;
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            reader.Cancel.ThrowIfCancellationRequested();
            var declaration = reference.GetSyntax(reader.Cancel);
            var plain = new PlainNames(declaration);
            foreach (var body in BodiesOf(declaration))
            {
                foreach (var name in body.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()) Follow(name, plain, effects, followed);
            }
        }
    }

    private void Follow(SimpleNameSyntax name, PlainNames plain, Effects effects, HashSet<ISymbol> followed)
    {
        // Text first: only a name that may be one of ours is looked at, and only one that may be another's is bound.
        var text = name.Identifier.ValueText;
        var isParameter = _positions.TryGetValue(text, out var position);
        var helpers = isParameter ? [] : type.GetMembers(text).RemoveAll(static member => member is not (IMethodSymbol or IPropertySymbol or IFieldSymbol));
        if (!isParameter && helpers.IsEmpty) return;
        var use = NameUses.Of(name);
        if (use == NameUse.None) return;

        var isPlain = plain.Contains(name);
        if (isParameter && (isPlain || IsParameter(name)))
        {
            effects.Add(position, use);
            return;
        }
        foreach (var symbol in isPlain && helpers.Length == 1 ? helpers : SymbolsOf(name).RemoveAll(symbol => !IsOwn(symbol)))
        {
            if (symbol.OriginalDefinition is IMethodSymbol called) Follow(called, effects, followed);
            if ((use & NameUse.Write) != 0 && IsStored(symbol.OriginalDefinition)) effects.Fields.Add(new FieldModel(text, symbol.IsStatic));
            if (symbol.OriginalDefinition is not IPropertySymbol helper) continue;
            if (helper.GetMethod is { } getter && (use & NameUse.Read) != 0) Follow(getter, effects, followed);
            if (helper.SetMethod is { } setter && (use & NameUse.Write) != 0) Follow(setter, effects, followed);
        }
    }

    private bool IsParameter(SimpleNameSyntax name)
    {
        var symbols = SymbolsOf(name);
        return symbols.IsEmpty ? IsEntry(name) : symbols.Any(symbol => symbol is IPropertySymbol && IsOwn(symbol));
    }

    // What is behind a pointer, nobody knows how long.
    private bool IsStored(ISymbol member) => member switch
    {
        IFieldSymbol { IsReadOnly: false, IsConst: false, Type: not (IPointerTypeSymbol or IFunctionPointerTypeSymbol) } => true,
        IPropertySymbol { GetMethod: not null, SetMethod.IsInitOnly: false } property => type.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
        _ => false,
    };

    // Attributes and default values of parameters name things too, but do nothing with them.
    private static IEnumerable<SyntaxNode> BodiesOf(SyntaxNode declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax method => new SyntaxNode?[] { method.Body, method.ExpressionBody }.OfType<SyntaxNode>(),
        AccessorDeclarationSyntax accessor => new SyntaxNode?[] { accessor.Body, accessor.ExpressionBody }.OfType<SyntaxNode>(),
        _ => [declaration],
    };

    private ImmutableArray<ISymbol> SymbolsOf(SimpleNameSyntax name)
    {
        var info = reader.ModelOf(name.SyntaxTree).GetSymbolInfo(name, reader.Cancel);
        // Candidates, too: code that uses what is yet to be generated need not bind to the end.
        return info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
    }

    // Parameters.W is generated, so that the compiler does not know it yet.
    private static bool IsEntry(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name && access.Expression is
        IdentifierNameSyntax { Identifier.ValueText: "Parameters" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Parameters" };

    private bool IsOwn(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition.ContainingType, type.OriginalDefinition);

    /// <summary>Whoever assigns a parameter runs before those that only read it; others, and all where methods wait for each other, in order of declaration.</summary>
    private static EquatableArray<PostLoadModel> InOrder(ImmutableArray<PostLoadModel> methods)
    {
        var waiting = methods.ToList();
        var ordered = ImmutableArray.CreateBuilder<PostLoadModel>(methods.Length);
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(method => !waiting.Exists(other => other != method && Precedes(other, method)));
            if (next < 0) return methods;
            ordered.Add(waiting[next]);
            waiting.RemoveAt(next);
        }
        return ordered.ToImmutable();
    }

    private static bool Precedes(PostLoadModel writer, PostLoadModel reader) =>
        writer.Writes.Any(written => reader.Reads.Contains(written) && !reader.Writes.Contains(written));

    private sealed class Effects
    {
        public SortedSet<int> Reads { get; } = [];

        public SortedSet<int> Writes { get; } = [];

        public List<FieldModel> Fields { get; } = [];

        public void Add(int position, NameUse use)
        {
            if ((use & NameUse.Read) != 0) Reads.Add(position);
            if ((use & NameUse.Write) != 0) Writes.Add(position);
        }
    }
}
