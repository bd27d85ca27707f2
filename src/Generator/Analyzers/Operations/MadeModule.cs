using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>A module that is made for an instance to keep, whatever the type of the member says: in a list, a <c>Sequential</c>, a lambda, a method of the compilation.</summary>
/// <param name="Member">What keeps it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Location">Where it is made, or where it comes from.</param>
internal sealed record MadeModule(ISymbol Member, ITypeSymbol Type, Location Location)
{
    private const int Deepest = 12;

    /// <summary>The operations that may keep one.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } = [.. Kept.Kinds, OperationKind.Invocation];

    /// <summary>The modules that an operation gives to the instance that it belongs to.</summary>
    public static IEnumerable<MadeModule> In(IOperation operation)
    {
        var given = operation is IInvocationOperation { Instance: { } list } call
            ? Keeper(list) is { } member && !Annotated.IsModule(list.Type) ? call.Arguments.SelectMany(Call.Each).Where(static argument => argument.Value.Type is not { } type || !KnownTypes.IsTensor(type)).Select(argument => (Member: member, argument.Value)) : []
            : Kept.In(operation).Where(static kept => Held.Holds(kept.Type, static type => KnownTypes.IsModule(type))).Select(static kept => (kept.Member, kept.Value));
        return given.SelectMany(static one => Made(one.Value, null, Deepest, []).Select(made => new MadeModule(one.Member, made.Type, made.Location)));
    }

    private static ISymbol? Keeper(IOperation list) => Operation.Bare(list) is IMemberReferenceOperation { Instance: { } owner, Member: var member, Type: { } type }
        && Operation.IsThis(owner) && Held.Holds(type, static type => KnownTypes.IsModule(type)) ? member : null;

    /// <summary>What is made on the way to a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="site">Where another method was entered; null in the one at hand.</param>
    /// <param name="depth">How many steps more.</param>
    /// <param name="seen">What was looked at.</param>
    private static IEnumerable<(ITypeSymbol Type, Location Location)> Made(IOperation? value, Location? site, int depth, HashSet<IOperation> seen)
    {
        if (depth == 0 || Operation.Bare(value) is not { } bare || !seen.Add(bare)) return [];
        if (Operation.Choices(bare).ToList() is { Count: > 1 } choices) return choices.SelectMany(choice => Made(choice, site, depth - 1, seen));
        if (Parts(bare) is { } parts) return parts.SelectMany(part => Made(part, site, depth - 1, seen));
        return ValueFlow.Of(bare).SelectMany(origin => Operation.Bare(origin.Source) switch
        {
            { } held when held != bare && Parts(held) is { } inner => inner.SelectMany(part => Made(part, site, depth - 1, seen)),
            IObjectCreationOperation created => One(created).Concat(Inside(created.Type, [.. created.Arguments.Select(static argument => argument.Value), .. Initialised(created.Initializer)])),
            IInvocationOperation { TargetMethod: var method } call when MethodFlow.IsSeen(method) && method.MethodKind != MethodKind.DelegateInvoke => Annotated.IsModule(call.Type) ? [] : Results(method, call),
            IInvocationOperation call => One(call).Concat(Inside(call.Type, [call.Instance, .. call.Arguments.Select(static argument => argument.Value)])),
            IAnonymousFunctionOperation code => code.Body.Descendants().OfType<IReturnOperation>().Where(result => Operation.FunctionOf(result) == code).SelectMany(result => Made(result.ReturnedValue, site, depth - 1, seen)),
            IMethodReferenceOperation { Method: var method } group when MethodFlow.IsSeen(method) => Results(method, group),
            _ => [],
        });

        IEnumerable<(ITypeSymbol, Location)> One(IOperation made) =>
            made.Type is { } type && KnownTypes.IsModule(type) ? [(type, site ?? Locate.Made(made.Syntax))] : [];

        // What a constructor of an annotated class is given, that class keeps, and declares.
        IEnumerable<(ITypeSymbol, Location)> Inside(ITypeSymbol? type, IEnumerable<IOperation?> values) =>
            Annotated.IsModule(type) ? [] : values.SelectMany(inner => Made(inner, site, depth - 1, seen));

        IEnumerable<(ITypeSymbol, Location)> Results(IMethodSymbol method, IOperation call) =>
            MethodFlow.Results(method, null, [], call, new()).SelectMany(result => Made(result.Source, site ?? Locate.Made(call.Syntax), depth - 1, seen));
    }

    /// <summary>The values that a value consists of, or that a local is given somewhere; null of any other.</summary>
    private static IEnumerable<IOperation?>? Parts(IOperation value) => value switch
    {
        ILocalReferenceOperation local => LocalValues.Anywhere(local),
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues,
        ICollectionExpressionOperation collection => collection.Elements,
        ISpreadOperation spread => [spread.Operand],
        ITupleOperation tuple => tuple.Elements,
        IDelegateCreationOperation made => [made.Target],
        _ => null,
    };

    private static IEnumerable<IOperation?> Initialised(IObjectOrCollectionInitializerOperation? initializer) => (initializer?.Initializers ?? []).SelectMany(static each => each switch
    {
        IInvocationOperation added => added.Arguments.Select(static argument => argument.Value),
        IAssignmentOperation assignment => [assignment.Value],
        _ => Enumerable.Empty<IOperation?>(),
    });
}
