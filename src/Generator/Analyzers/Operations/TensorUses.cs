using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What an operation does with values that may be tensors of parameters: itself, or by a method whose body is seen.</summary>
internal static class TensorUses
{
    /// <summary>The operations that may do something.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } =
    [
        OperationKind.Invocation,
        OperationKind.ObjectCreation,
        OperationKind.MethodReference,
        OperationKind.SimpleAssignment,
        OperationKind.CompoundAssignment,
        OperationKind.CoalesceAssignment,
        OperationKind.DeconstructionAssignment,
        OperationKind.Increment,
        OperationKind.Decrement,
        OperationKind.Using,
        OperationKind.UsingDeclaration,
    ];

    /// <summary>What an operation does, without the operations in it.</summary>
    public static IEnumerable<TensorUse> In(IOperation operation, Trail? trail = null) => operation switch
    {
        IInvocationOperation or IObjectCreationOperation => Call.Of(operation).SelectMany(call => In(call, operation, trail).Where(use => !call.IsBound || use.Value != call.Receiver)),
        IMethodReferenceOperation { Instance: { } instance, Method: var method } => In(Call.To(method, instance), operation, trail),
        IUsingOperation or IUsingDeclarationOperation => TensorDisposals.OfResources(operation),
        _ => TensorWrites.OfTargets(operation).Concat(KeptTensors.In(operation)),
    };

    private static IEnumerable<TensorUse> In(Call call, IOperation site, Trail? trail) => MethodFlow.IsSeen(call.Method)
        ? OfBody(call, site, trail ?? new())
        : TensorWrites.In(call, site).Concat(TensorDisposals.In(call, site)).Concat(KeptTensors.In(call));

    private static IEnumerable<TensorUse> OfBody(Call call, IOperation site, Trail trail)
    {
        // Bodies are read for parameters alone, or what becomes one: most calls are about other things.
        if (!IsMaking(call.Method) && !call.Arguments.Select(static argument => argument.Value).Append(call.Receiver).Any(value => IsOfInterest(value, trail))) yield break;
        foreach (var effect in MethodFlow.Effects(call.Method, site, trail))
        {
            foreach (var value in call.Given(effect.Argument)) yield return Of(effect, value, call, site);
        }
    }

    private static TensorUse Of(ArgumentEffect effect, IOperation value, Call call, IOperation site)
    {
        var location = value == call.Receiver && site is not IObjectCreationOperation && value.Syntax.SpanStart == site.Syntax.SpanStart ? Locate.Name(site.Syntax) : LocationOf(value);
        return new(effect.Effect, value, location, $"\"{Named(call)}\"") { Way = effect.Way };
    }

    /// <summary>The argument that gives a value, or the value.</summary>
    public static Location LocationOf(IOperation value) =>
        (value.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.Explicit } argument && argument.Syntax.Span.Contains(value.Syntax.Span) ? argument : value).Syntax.GetLocation();

    private static string Named(Call call) => call.Method.MethodKind == MethodKind.Constructor ? call.Method.ContainingType.Name : call.Method.MethodKind == MethodKind.AnonymousFunction ? "the lambda" : call.Method.Name;

    private static bool IsMaking(IMethodSymbol method) => Annotated.IsModule(method.MethodKind == MethodKind.Constructor ? method.ContainingType : method.ReturnType)
        && method.Parameters.Any(static parameter => TensorMembers.MayHold(parameter.Type));

    private static bool IsOfInterest(IOperation? value, Trail trail) =>
        (TensorMembers.MayHold(Operation.Bare(value)?.Type) || value?.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }) && ValueFlow.Of(value, trail).Any(static origin => origin.IsParameter || origin.Argument is not null);
}
