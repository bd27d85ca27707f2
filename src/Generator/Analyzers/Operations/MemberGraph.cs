using System.Collections.Concurrent;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Which members of an annotated class use which others of it: what runs with a post-load method, and what with constructors alone.</summary>
internal sealed class MemberGraph
{
    private readonly INamedTypeSymbol _type;
    private readonly ConcurrentDictionary<ISymbol, ConcurrentDictionary<ISymbol, bool>> _callers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentBag<(ISymbol Member, Func<Diagnostic?> Diagnostic)> _found = [];

    private MemberGraph(INamedTypeSymbol type) => _type = type;

    /// <summary>Whether a member belongs to a class that the graph is about.</summary>
    public bool IsOwn(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition.ContainingType, _type);

    /// <summary>Starts a graph for each annotated class. What is found in its members is reported at its end, where it is meant.</summary>
    public static void Register(
        AuthoredCode context,
        Action<AuthoredType, MemberGraph> analyze,
        Func<MemberGraph, ISymbol, bool> isMeant) => context.RegisterTypeStartAction(
            start =>
            {
                var type = start.Symbol;
                if (type.TypeKind != TypeKind.Class || type.Attribute("ParameterModuleAttribute") is null) return;
                var graph = new MemberGraph(type);
                start.RegisterOperationAction(graph.Add, OperationKind.Invocation, OperationKind.MethodReference, OperationKind.PropertyReference);
                analyze(start, graph);
                start.RegisterSymbolEndAction(end =>
                {
                    foreach (var (member, diagnostic) in graph._found)
                    {
                        if (isMeant(graph, member) && diagnostic() is { } found) end.ReportDiagnostic(found);
                    }
                });
            });

    /// <summary>Remembers what was found, or what will turn out to be nothing when all members are known.</summary>
    public void Found(OperationAnalysisContext context, Func<Diagnostic?> diagnostic) => _found.Add((Member(context.ContainingSymbol), diagnostic));

    /// <summary>Whether a member is a post-load method, undoes one, or is used by either.</summary>
    public bool RunsAfterLoads(ISymbol member) => IsUsedBy(member, Annotated.IsPostLoad, []);

    /// <summary>Whether a member is a constructor, or a private one that constructors alone use.</summary>
    public bool RunsInConstructors(ISymbol member) => RunsInConstructors(member, []);

    /// <summary>Whether a member is a parameter, or uses one, itself or by others.</summary>
    public bool Touches(ISymbol member) => _type.GetMembers()
        .Where(static own => own is IPropertySymbol { PartialDefinitionPart: null } property && (property.Name == "Parameters" || Annotated.IsParameter(property)))
        .Any(parameter => IsUsedBy(parameter, user => SymbolEqualityComparer.Default.Equals(user, Member(member)), []));

    private bool RunsInConstructors(ISymbol member, HashSet<ISymbol> seen)
    {
        if (member is IMethodSymbol { MethodKind: MethodKind.Constructor }) return IsOwn(member);
        if (!IsOwn(member) || member.DeclaredAccessibility != Accessibility.Private || Annotated.IsPostLoad(member)) return false;
        if (!seen.Add(member)) return true;
        return _callers.TryGetValue(member, out var callers) && callers.Keys.All(caller => RunsInConstructors(caller, seen));
    }

    private bool IsUsedBy(ISymbol member, Func<ISymbol, bool> isMeant, HashSet<ISymbol> seen)
    {
        if (!seen.Add(member)) return false;
        if (IsOwn(member) && isMeant(member)) return true;
        return _callers.TryGetValue(member, out var callers) && callers.Keys.Any(caller => IsUsedBy(caller, isMeant, seen));
    }

    private void Add(OperationAnalysisContext context)
    {
        ISymbol? used = context.Operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IMethodReferenceOperation method => method.Method,
            IPropertyReferenceOperation property => property.Property,
            _ => null,
        };
        if (used is null || !IsOwn(used) || Operation.IsNamed(context.Operation)) return;
        _callers.GetOrAdd(Member(used), static _ => new(SymbolEqualityComparer.Default)).TryAdd(Member(context.ContainingSymbol), true);
    }

    /// <summary>One symbol for all parts of a member.</summary>
    private static ISymbol Member(ISymbol symbol) => symbol.OriginalDefinition switch
    {
        IMethodSymbol { AssociatedSymbol: { } owner } => Member(owner),
        IMethodSymbol { PartialDefinitionPart: { } definition } => definition,
        IPropertySymbol { PartialDefinitionPart: { } definition } => definition,
        var member => member,
    };
}
