using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>A write into the memory of a parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Location">What writes.</param>
/// <param name="What">The same in words, up to the parameter's name.</param>
/// <param name="Reshapes">Whether the parameter's tensor itself gets another shape or other memory.</param>
internal sealed record InPlaceWrite(IPropertyReferenceOperation Parameter, Location Location, string What, bool Reshapes)
{
    private static readonly HashSet<string> Reshaping =
        ["set_", "resize_", "resize_as_", "t_", "transpose_", "squeeze_", "unsqueeze_", "swapaxes_", "swapdims_", "as_strided_"];

    private static readonly HashSet<string> Harmless = ["requires_grad_", "detach_"];

    private static readonly HashSet<string> Reading = ["ReadBytesFromStream", "Load"];

    private static readonly HashSet<string> Spans = ["Fill", "Clear", "Reverse", "Sort", "Replace"];

    /// <summary>The operations that may write.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } =
    [
        OperationKind.Invocation,
        OperationKind.SimpleAssignment,
        OperationKind.CompoundAssignment,
        OperationKind.CoalesceAssignment,
        OperationKind.DeconstructionAssignment,
        OperationKind.Increment,
        OperationKind.Decrement,
    ];

    /// <summary>Finds what an operation writes into, without the operations in it.</summary>
    public static IEnumerable<InPlaceWrite> In(IOperation operation)
    {
        if (operation is IInvocationOperation call)
        {
            if (Of(call) is { } write) yield return write;
            yield break;
        }
        foreach (var target in Operation.Targets(operation))
        {
            // W[0] = x and W.bytes = x; an assignment of W itself is another rule's.
            if (Operation.Bare(target) is not IPropertyReferenceOperation { Instance: { } instance } part || ParameterView.Itself(part) is not null) continue;
            if ((part.Property.IsIndexer || part.Property.Name == "bytes") && ParameterView.Of(instance) is { } parameter)
                yield return new InPlaceWrite(parameter, target.Syntax.GetLocation(), "This writes into", false);
        }
    }

    private static InPlaceWrite? Of(IInvocationOperation call)
    {
        var name = call.TargetMethod.Name;
        if ((IsWriting(name, call.TargetMethod) || IsToldToWrite(call)) && Operation.Receiver(call) is { } receiver && ParameterView.Of(receiver) is { } parameter)
        {
            var reshapes = Reshaping.Contains(name);
            // A view may take any shape: it is an object of its own.
            return reshapes && ParameterView.Named(receiver) is null ? null : new InPlaceWrite(parameter, Locate.Name(call.Syntax), $"\"{name}\" {(reshapes ? "reshapes" : "writes into")}", reshapes);
        }
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } target && IsWritten(target) && ParameterView.Of(argument.Value) is { } written)
                return new InPlaceWrite(written, argument.Syntax.GetLocation(), $"\"{name}\" writes into", false);
        }
        return null;
    }

    private static bool IsWriting(string name, IMethodSymbol method) =>
        (name.Length > 1 && name.EndsWith("_", StringComparison.Ordinal) && !Harmless.Contains(name))
        || (Reading.Contains(name) && method.ContainingNamespace is { Name: "TorchSharp" })
        || (name == "CopyFrom" && method.ContainingNamespace is { Name: "TorchSharp" or "Utils" })
        || (Spans.Contains(name) && (IsSpan(method.ContainingType) || IsMemoryExtension(method)));

    // functional.relu(W, inplace: true); what is computed may be true.
    private static bool IsToldToWrite(IInvocationOperation call) => call.Arguments.Any(static argument =>
        argument is { Parameter: { Name: "inplace", Type.SpecialType: SpecialType.System_Boolean }, Value.ConstantValue: not { HasValue: true, Value: false } });

    private static bool IsWritten(IParameterSymbol parameter) =>
        (parameter.Name == "out" && KnownTypes.IsTensor(parameter.Type))
        || (IsSpan(parameter.Type) && parameter.ContainingSymbol is IMethodSymbol method && (!IsMemoryExtension(method) || parameter.Name == "destination"));

    private static bool IsSpan(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Span" or "Memory", Arity: 1, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool IsMemoryExtension(IMethodSymbol method) =>
        method.ContainingType is { Name: "MemoryExtensions", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };
}
