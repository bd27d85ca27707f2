using System.Collections.Immutable;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Where a value comes from: through locals, choices, patterns, tuples, collections, views and the methods of this compilation that hand it out.</summary>
internal sealed class ValueFlow
{
    private const int Deepest = 64;

    private readonly List<Origin> _found = [];
    private readonly HashSet<(Definition, Way, string)> _seen = [];
    private readonly Trail _trail;

    private ValueFlow(Trail trail) => _trail = trail;

    /// <summary>Where a value may come from.</summary>
    public static IReadOnlyList<Origin> Of(IOperation? value, Trail? trail = null) => Of(value, Way.Itself, [], trail);

    /// <summary>Where a part of a value may come from, on the way so far.</summary>
    public static IReadOnlyList<Origin> Of(IOperation? value, Way way, ImmutableStack<string> part, Trail? trail)
    {
        var flow = new ValueFlow(trail ?? new());
        flow.Trace(value, way, part, Deepest);
        return flow._found;
    }

    private void Trace(IOperation? value, Way way, ImmutableStack<string> part, int depth)
    {
        if (depth == 0 || Operation.Bare(value) is not { } operation) return;
        void Each(IEnumerable<IOperation?> values, bool areElements = false)
        {
            foreach (var each in values) Trace(each, areElements ? way with { IsElement = true } : way, part, depth - 1);
        }

        switch (operation)
        {
            case IConditionalOperation { WhenFalse: { } other } choice:
                Each([choice.WhenTrue, other]);
                break;
            case ICoalesceOperation choice:
                Each([choice.Value, choice.WhenNull]);
                break;
            case ISwitchExpressionOperation choice:
                Each(choice.Arms.Select(static arm => arm.Value));
                break;
            case ICoalesceAssignmentOperation choice:
                Each([choice.Target, choice.Value]);
                break;
            case ISimpleAssignmentOperation chained:
                Each([Operation.Parameter(chained.Target) ?? chained.Value]);
                break;
            case IConditionalAccessOperation access:
                Each([access.WhenNotNull]);
                break;
            case IDeclarationExpressionOperation declared:
                Each([declared.Expression]);
                break;
            case IDelegateCreationOperation made:
                Each([made.Target]);
                break;
            case IAddressOfOperation address:
                Each([address.Reference]);
                break;
            case IBinaryOperation { Type: IPointerTypeSymbol } sum:
                Each([sum.LeftOperand, sum.RightOperand]);
                break;
            case IIncrementOrDecrementOperation { Type: IPointerTypeSymbol } step:
                Each([step.Target]);
                break;
            case IConversionOperation conversion when IsView(conversion.Type):
                Each([conversion.Operand]);
                break;
            case ILocalReferenceOperation or IParameterReferenceOperation:
                foreach (var definition in LocalValues.At(operation))
                {
                    if (definition is null)
                    {
                        Leaf(operation, way, part);
                        continue;
                    }
                    if (!_seen.Add((definition, way, string.Join(".", part)))) continue;
                    var whole = definition.Part.Reverse().Aggregate(part, static (whole, name) => whole.Push(name));
                    Given(definition.Value, definition.IsElement ? way with { IsElement = true } : way, whole, depth - 1);
                }
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.PatternInput } input:
                Given(Matched.Around(input), way, part, depth - 1);
                break;
            case ITupleOperation tuple when !part.IsEmpty:
                Trace(Element(tuple, part.Peek()), way, part.Pop(), depth - 1);
                break;
            case ITupleOperation tuple:
                Each(tuple.Elements, areElements: true);
                break;
            case IArrayElementReferenceOperation element:
                Each([element.ArrayReference], areElements: true);
                break;
            case IImplicitIndexerReferenceOperation element:
                Each([element.Instance], areElements: true);
                break;
            case IArrayCreationOperation { Initializer: { } elements }:
                Each(elements.ElementValues, areElements: true);
                break;
            case ICollectionExpressionOperation collection:
                Each(collection.Elements, areElements: true);
                break;
            case ISpreadOperation spread:
                Each([spread.Operand], areElements: true);
                break;
            case IObjectCreationOperation created:
                Created(created, way, part, depth);
                break;
            case IAnonymousObjectCreationOperation created when !part.IsEmpty:
                Trace(Initialised(created.Initializers, part.Peek()), way, part.Pop(), depth - 1);
                break;
            case IWithOperation changed when !part.IsEmpty && Initialised(changed.Initializer?.Initializers ?? [], part.Peek()) is { } given:
                Trace(given, way, part.Pop(), depth - 1);
                break;
            case IWithOperation changed:
                Each([changed.Operand]);
                break;
            case IFieldReferenceOperation { Instance: { } instance, Field: { ContainingType.IsTupleType: true } field }:
                Trace(instance, way, part.Push((field.CorrespondingTupleField ?? field).Name), depth - 1);
                break;
            case IFieldReferenceOperation { Instance: { } instance, Field: var field } when !Operation.IsThis(instance):
                Trace(instance, way, part.Push(field.Name), depth - 1);
                break;
            case IPropertyReferenceOperation property:
                Property(property, way, part, depth);
                break;
            case IInvocationOperation call:
                Called(call, way, part, depth);
                break;
            // The operations of pointers are not public: what they are about comes first.
            case { Kind: OperationKind.None, Type: not null } when operation.ChildOperations.FirstOrDefault() is { } inner && (operation.Type is IPointerTypeSymbol || inner.Type is IPointerTypeSymbol):
                Each([inner]);
                break;
            default:
                Leaf(operation, way, part);
                break;
        }
    }

    /// <summary>A value, or what holds one: a pattern what it is compared with, an argument what the method puts there.</summary>
    private void Given(IOperation? holder, Way way, ImmutableStack<string> part, int depth)
    {
        if (depth <= 0) return;
        switch (holder)
        {
            case IPatternOperation pattern when Matched.By(pattern) is { } matched:
                Given(matched.Value, matched.IsElement ? way with { IsElement = true } : way, matched.Part is null ? part : part.Push(matched.Part), depth - 1);
                break;
            case IPatternOperation:
                break;
            case IArgumentOperation { Parent: { } parent, Parameter: { } parameter }:
                foreach (var call in Call.Of(parent)) Returned(call, MethodFlow.Results(call.Method, parameter.OriginalDefinition, part, parent, _trail), way, depth);
                break;
            default:
                Trace(holder, way, part, depth);
                break;
        }
    }

    private void Property(IPropertyReferenceOperation property, Way way, ImmutableStack<string> part, int depth)
    {
        var symbol = property.Property;
        if (Origin.IsValue(symbol))
        {
            var known = _found.Count;
            Trace(property.Instance, way, [], depth - 1);
            var entries = _found.Skip(known).Where(static origin => origin.IsParameter || origin.Argument is not null).ToList();
            _found.RemoveRange(known, _found.Count - known);
            _found.AddRange(entries);

            // An argument of a method is an entry that has no name here, besides what the caller calls it.
            if (!entries.Exists(static origin => origin.IsParameter)) Leaf(property, way, part);
        }
        else if (Origin.IsTensorOfModule(property)) Leaf(property, way, part);
        else if (property.Instance is not { } instance) Returned(new Call(symbol.GetMethod!, null, []), property, way, part, depth);
        else if (symbol.IsIndexer) Trace(instance, (IsView(instance.Type) || KnownTypes.IsTensor(instance.Type!) || KnownTypes.IsParameter(instance.Type!) ? way.After(TensorMembers.Indexed(property.Arguments.SelectMany(Call.Each).Select(static argument => argument.Value))) : way) with { IsElement = true }, part, depth - 1);
        else if (MethodFlow.IsSeen(symbol.GetMethod)) Returned(new Call(symbol.GetMethod!, instance, []), property, way, part, depth);
        else if (TensorMembers.MayHold(instance.Type) && TensorMembers.Returned(symbol) is { } view) Trace(instance, way.After(view), part, depth - 1);
        else if (symbol is { Name: "Key" or "Value", ContainingType.Name: "KeyValuePair" }) Trace(instance, way, part, depth - 1);
        else if (Operation.IsThis(instance)) Leaf(property, way, part);
        else Trace(instance, way, part.Push(symbol.Name), depth - 1);
    }

    private void Called(IInvocationOperation invocation, Way way, ImmutableStack<string> part, int depth)
    {
        if (Origin.IsTensorOfModule(invocation))
        {
            Leaf(invocation, way, part);
            return;
        }
        foreach (var call in Call.Of(invocation))
        {
            if (MethodFlow.IsSeen(call.Method)) Returned(call, invocation, way, part, depth);
            else if (call.Method is { Name: "Parameter", ContainingType.Name: "nn" }) Wrapped(invocation, call.Receiver, way, part, depth);
            else if (TensorMembers.Returned(call) is { } view && TensorMembers.MayHold(Operation.Bare(call.Receiver)?.Type)) Trace(call.Receiver, way.After(view), part, depth - 1);
            else Leaf(invocation, way, part);
        }
    }

    /// <summary>What a method of this compilation hands out, in terms of what it is given.</summary>
    private void Returned(Call call, IOperation site, Way way, ImmutableStack<string> part, int depth) =>
        Returned(call, MethodFlow.Results(call.Method, null, part, site, _trail), way, depth, site);

    private void Returned(Call call, IEnumerable<Origin> results, Way way, int depth, IOperation? site = null)
    {
        foreach (var result in results)
        {
            if (result.Argument is { } argument && call.Given(argument).ToList() is { Count: > 0 } given) given.ForEach(value => Trace(value, way.After(result.Way), Parts(result.Part), depth - 1));
            else if (result.IsParameter || site is null) _found.Add(result with { Way = way.After(result.Way) });
            else Leaf(site, way, Parts(result.Part));
        }
    }

    private void Created(IObjectCreationOperation created, Way way, ImmutableStack<string> part, int depth)
    {
        if (created.Type is { } type && KnownTypes.BasesOf(type).Any(KnownTypes.IsParameter)) Wrapped(created, created.Arguments.FirstOrDefault()?.Value, way, part, depth);
        else if (IsView(created.Type)) Trace(created.Arguments.FirstOrDefault()?.Value, way.Through(Tie.Part), part, depth - 1);
        else if (!part.IsEmpty && (Initialised(created.Initializer?.Initializers ?? [], part.Peek()) ?? Positional(created, part.Peek())) is { } given) Trace(given, way, part.Pop(), depth - 1);
        else
        {
            Leaf(created, way, part);
            foreach (var added in created.Initializer?.Initializers.OfType<IInvocationOperation>() ?? []) Trace(added.Arguments.LastOrDefault()?.Value, way with { IsElement = true }, part, depth - 1);
        }
    }

    /// <summary>The constructor of a parameter makes an object over the memory that it is given.</summary>
    private void Wrapped(IOperation wrapper, IOperation? wrapped, Way way, ImmutableStack<string> part, int depth)
    {
        Leaf(wrapper, way, part);
        Trace(wrapped, way.Through(Tie.Memory), part, depth - 1);
    }

    private void Leaf(IOperation operation, Way way, ImmutableStack<string> part) => _found.Add(new(operation, string.Join(".", part), way));

    private static ImmutableStack<string> Parts(string part) => part.Length == 0 ? [] : part.Split('.').AsEnumerable().Reverse().Aggregate(ImmutableStack<string>.Empty, static (parts, name) => parts.Push(name));

    private static IOperation? Element(ITupleOperation tuple, string name) => tuple.Elements.Where((_, i) => LocalValues.Item(i) == name).FirstOrDefault();

    private static IOperation? Initialised(IEnumerable<IOperation> initializers, string name) => initializers.OfType<ISimpleAssignmentOperation>()
        .FirstOrDefault(initializer => initializer.Target is IMemberReferenceOperation { Member.Name: var member } && member == name)?.Value;

    // A record's property has the name of what its constructor is given.
    private static IOperation? Positional(IObjectCreationOperation created, string name) =>
        created.Arguments.FirstOrDefault(argument => string.Equals(argument.Parameter?.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static bool IsView(ITypeSymbol? type) => TensorMembers.IsSpan(type) || type is INamedTypeSymbol { Name: "ReadOnlySpan" or "ReadOnlyMemory" or "TensorAccessor" or "Storage" };
}
