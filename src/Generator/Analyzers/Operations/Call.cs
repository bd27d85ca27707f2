using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>A method that runs, however it is written: a call, a constructor, a delegate that stands for either.</summary>
/// <param name="Method">The method, or what stands for its code.</param>
/// <param name="Instance">Its instance; null where it has none.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record Call(IMethodSymbol Method, IOperation? Instance, IReadOnlyList<(IParameterSymbol? Parameter, IOperation Value)> Arguments)
{
    /// <summary>What the call is about: its instance, or the first argument of a static method.</summary>
    public IOperation? Receiver => Instance ?? (Method.MethodKind == MethodKind.Constructor ? null : Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0).Value);

    /// <summary>Whether the receiver was given before, where a delegate was made.</summary>
    public bool IsBound { get; init; }

    /// <summary>What the method calls its argument; the receiver of an extension is one, and each that the compiler puts into an array.</summary>
    public IEnumerable<IOperation> Given(IParameterSymbol parameter) => parameter.ContainingSymbol is INamedTypeSymbol
        ? new[] { Receiver }.OfType<IOperation>()
        : Arguments.Where(argument => argument.Parameter?.Ordinal == parameter.Ordinal).Select(static argument => argument.Value);

    /// <summary>What an operation calls; a delegate may stand for several methods.</summary>
    public static IEnumerable<Call> Of(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call => Delegates(call.Instance).Select(target => Delegated(call, target)),
        IInvocationOperation call => [new(call.TargetMethod, call.Instance, [.. call.Arguments.SelectMany(Each)])],
        IObjectCreationOperation { Constructor: { } constructor } created => [new(constructor, null, [.. created.Arguments.SelectMany(Each)])],
        _ => [],
    };

    /// <summary>A method of an instance, before it is given anything. The receiver of an extension is its first argument.</summary>
    public static Call To(IMethodSymbol method, IOperation? instance)
    {
        var extension = method.ReducedFrom ?? method;
        return instance is not null && extension.IsExtensionMethod ? new(extension, null, [(extension.Parameters[0], instance)]) : new(extension, instance, []);
    }

    /// <summary>An argument; of those that the compiler puts into an array, each.</summary>
    public static IEnumerable<(IParameterSymbol? Parameter, IOperation Value)> Each(IArgumentOperation argument) =>
        argument is { ArgumentKind: ArgumentKind.ParamArray or ArgumentKind.ParamCollection } && Elements(argument.Value) is { } elements
            ? elements.Select(element => (argument.Parameter, element))
            : [(argument.Parameter, argument.Value)];

    private static Call Delegated(IInvocationOperation call, Call target) => target with
    {
        IsBound = target.Receiver is not null,
        Arguments =
        [
            .. target.Arguments,
            .. call.Arguments.SelectMany(Each).Select(argument => (target.Method.Parameters.ElementAtOrDefault((argument.Parameter?.Ordinal ?? 0) + target.Arguments.Count), argument.Value)),
        ],
    };

    private static IEnumerable<IOperation>? Elements(IOperation value) => Operation.Bare(value) switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        ICollectionExpressionOperation collection => collection.Elements,
        _ => null,
    };

    private static IEnumerable<Call> Delegates(IOperation? value)
    {
        foreach (var origin in ValueFlow.Of(value))
        {
            if (origin.Source is IMethodReferenceOperation method) yield return To(method.Method, method.Instance);
            if (origin.Source is IAnonymousFunctionOperation function) yield return To(function.Symbol, null);
        }
    }
}
