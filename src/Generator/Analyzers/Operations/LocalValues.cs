using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What the locals and arguments of one body are given, and which of that a use may see. A body is read once.</summary>
internal sealed class LocalValues
{
    private static readonly ConditionalWeakTable<IOperation, LocalValues> Bodies = new();

    private readonly Dictionary<ISymbol, List<Definition>> _definitions = new(SymbolEqualityComparer.Default);

    // A ref local is another name of a local.
    private readonly Dictionary<ISymbol, ISymbol> _names = new(SymbolEqualityComparer.Default);

    // What a local is given to hold, as a list or an array.
    private readonly Dictionary<ISymbol, List<IOperation>> _elements = new(SymbolEqualityComparer.Default);

    private LocalValues(IOperation body)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (operation is IVariableDeclaratorOperation { Symbol: { IsRef: true } name } alias && Variable(Operation.Bare(Initial(alias))) is { } named) _names[name] = named;
        }
        foreach (var definition in body.DescendantsAndSelf().SelectMany(Definitions))
        {
            var variable = Canonical(definition.Variable);
            if (!_definitions.TryGetValue(variable, out var known)) _definitions.Add(variable, known = []);
            if (!(definition.Site is IVariableDeclaratorOperation && _names.ContainsKey(definition.Variable))) known.Add(definition);
        }
        foreach (var (holder, value) in body.DescendantsAndSelf().SelectMany(Elements))
        {
            var variable = Canonical(holder);
            if (!_elements.TryGetValue(variable, out var known)) _elements.Add(variable, known = []);
            known.Add(value);
        }
    }

    /// <summary>The local or the argument that an operation names; null where it names neither.</summary>
    public static ISymbol? Variable(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation argument => argument.Parameter,
        _ => null,
    };

    /// <summary>What the variable that an operation names may have been given there; null stands for what the caller gave.</summary>
    public static IEnumerable<Definition?> At(IOperation use) => In(use).Reaching(use);

    /// <summary>What a local is declared with, tested for, assigned or filled with, wherever in the member that is; null among them where nothing is known of it.</summary>
    public static IEnumerable<IOperation?> Anywhere(ILocalReferenceOperation use)
    {
        var (body, variable) = (In(use), In(use).Canonical(use.Local));
        IEnumerable<Definition> definitions = body._definitions.TryGetValue(variable, out var given) ? given : [];
        IEnumerable<IOperation> elements = body._elements.TryGetValue(variable, out var held) ? held : [];
        return definitions.Select(Value).Concat(elements);
    }

    private static LocalValues In(IOperation use) => Bodies.GetValue(Operation.RootOf(use), static body => new(body));

    // A part of a value is not the value: of what the whole has, nobody says which.
    private static IOperation? Value(Definition definition) => definition switch
    {
        { IsElement: true } or { Part.IsEmpty: false } or { Value: IArgumentOperation } => null,
        { Site: ICompoundAssignmentOperation sum } => sum.Value,
        { Value: IPatternOperation pattern } => Matched.By(pattern) is { Part: null, IsElement: false, Value: not IPatternOperation and var value } ? value : null,
        _ => definition.Value,
    };

    private IEnumerable<Definition?> Reaching(IOperation use)
    {
        var variable = Canonical(Variable(use)!);
        Definition?[] given = variable is IParameterSymbol ? [null] : [];
        if (!_definitions.TryGetValue(variable, out var all)) return given;
        if (all.Count == 1 && given.Length == 0) return all;

        var around = new HashSet<IOperation>(Ancestors(use));
        var deferred = Ancestors(use).FirstOrDefault(static outer => outer is IAnonymousFunctionOperation or ILocalFunctionOperation);
        if (deferred is not null && IsOf(variable, deferred)) deferred = null;
        var last = all.FindLastIndex(definition => definition.Replaces && IsBefore(definition, use) && IsSureToRun(definition.Site, around) && (deferred is null || Ancestors(definition.Site).Contains(deferred)));
        var replacing = last < 0 ? null : all[last];
        if (deferred is not null && replacing is null) return given.Concat(all);
        return all.Where((definition, i) => IsBefore(definition, use) ? i >= last
            : Ancestors(definition.Site).Any(loop => loop is ILoopOperation && around.Contains(loop) && (replacing is null || !Ancestors(replacing.Site).Contains(loop))))
            .Concat(replacing is null ? given : []);
    }

    private static bool IsOf(ISymbol variable, IOperation function) => SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation named => named.Symbol,
        _ => null,
    });

    private static bool IsBefore(Definition definition, IOperation use) => definition.Site is IForEachLoopOperation
        ? definition.Site.Syntax.Span.Contains(use.Syntax.Span)
        : definition.Site.Syntax.Span.End <= use.Syntax.SpanStart;

    /// <summary>Whether an operation has run wherever what is beside it runs.</summary>
    private static bool IsSureToRun(IOperation operation, HashSet<IOperation> around)
    {
        for (var inner = operation; inner.Parent is { } outer; inner = outer)
        {
            var isMet = around.Contains(outer);
            var mayNot = outer switch
            {
                IConditionalOperation choice => inner != choice.Condition,
                ICoalesceOperation choice => inner == choice.WhenNull,
                IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } choice => inner == choice.RightOperand,
                IConditionalAccessOperation access => inner == access.WhenNotNull,
                ISwitchExpressionOperation choice => inner != choice.Value,
                ISwitchOperation choice => inner != choice.Value,
                IForLoopOperation loop => !loop.Before.Contains(inner),
                ILoopOperation => true,
                ITryOperation attempt => isMet || inner is ICatchClauseOperation || !attempt.Catches.IsEmpty,
                IAnonymousFunctionOperation or ILocalFunctionOperation => !isMet,
                _ => false,
            };
            if (mayNot) return false;
            if (isMet) return true;
        }
        return true;
    }

    private ISymbol Canonical(ISymbol variable)
    {
        for (var i = 0; i < 8 && _names.TryGetValue(variable, out var named); i++) variable = named;
        return variable;
    }

    private static IEnumerable<IOperation> Ancestors(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent) yield return outer;
    }

    private static IEnumerable<Definition> Definitions(IOperation operation)
    {
        var whole = ImmutableStack<string>.Empty;
        return operation switch
        {
            IVariableDeclaratorOperation declarator when Initial(declarator) is { } value => [new(declarator.Symbol, declarator, value, whole)],
            ICoalesceAssignmentOperation assignment when Variable(assignment.Target) is { } target => [new(target, assignment, assignment.Value, whole, Replaces: false)],
            ICompoundAssignmentOperation { Type: not IPointerTypeSymbol } assignment when Variable(assignment.Target) is { } target => [new(target, operation, null, whole)],
            ISimpleAssignmentOperation assignment => Targets(assignment.Target, assignment.Value, assignment, whole, false),
            IDeconstructionAssignmentOperation assignment => Targets(assignment.Target, assignment.Value, assignment, whole, false),
            IForEachLoopOperation loop => Targets(loop.LoopControlVariable, loop.Collection, loop, whole, true),
            IPatternOperation pattern when Declared(pattern) is { } local => [new(local, pattern, pattern, whole)],
            IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => Targets(argument.Value, argument, argument, whole, false)
                .Select(definition => definition with { Replaces = argument.Parameter.RefKind == RefKind.Out }),
            _ => [],
        };
    }

    /// <summary>What a local is given to hold: an element of it is assigned, or a method of it called.</summary>
    private static IEnumerable<(ISymbol Holder, IOperation Value)> Elements(IOperation operation) => operation switch
    {
        IAssignmentOperation { Target: var target, Value: var value } when Variable(Operation.Bare(target)) is null && Holder(target) is { } holder => [(holder, value)],
        IInvocationOperation { Instance: { } list } call when Holder(list) is { } holder => call.Arguments.Select(argument => (holder, argument.Value)),
        _ => [],
    };

    private static ISymbol? Holder(IOperation? target) => Operation.Bare(target) switch
    {
        IArrayElementReferenceOperation element => Holder(element.ArrayReference),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => Holder(list),
        var other => Variable(other),
    };

    /// <summary>The locals that are given a value, or parts of it.</summary>
    private static IEnumerable<Definition> Targets(IOperation target, IOperation value, IOperation site, ImmutableStack<string> part, bool isElement) => target switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany((element, i) => Targets(element, value, site, Inside(part, Item(i)), isElement)),
        IDeclarationExpressionOperation declared => Targets(declared.Expression, value, site, part, isElement),
        _ when Variable(target) is { } named => [new(named, site, value, part, isElement)],
        IVariableDeclaratorOperation variable => [new(variable.Symbol, site, value, part, isElement)],
        _ => [],
    };

    /// <summary>The name of an element of a tuple.</summary>
    public static string Item(int index) => $"Item{index + 1}";

    // The outermost part is the top: it is taken first.
    private static ImmutableStack<string> Inside(ImmutableStack<string> part, string inner) =>
        part.IsEmpty ? part.Push(inner) : Inside(part.Pop(out var outer), inner).Push(outer);

    private static ILocalSymbol? Declared(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IRecursivePatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IListPatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        _ => null,
    };

    private static IOperation? Initial(IVariableDeclaratorOperation declarator) =>
        (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value;
}
