using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Writes into the memory of tensors, and what gives a tensor another shape.</summary>
internal static class TensorWrites
{
    private static readonly HashSet<string> Reshaping =
        ["set_", "resize_", "resize_as_", "t_", "transpose_", "squeeze_", "unsqueeze_", "swapaxes_", "swapdims_", "as_strided_"];

    // Of gradients, and of what autograd knows.
    private static readonly HashSet<string> Harmless = ["requires_grad_", "detach_", "clip_grad_norm_", "clip_grad_value_"];

    private static readonly HashSet<string> Reading = ["ReadBytesFromStream", "Load"];

    private static readonly HashSet<string> Spans = ["Fill", "Clear", "Reverse", "Sort", "Replace"];

    /// <summary>What a call writes whose body is not seen.</summary>
    public static IEnumerable<TensorUse> In(Call call, IOperation site)
    {
        var (method, name) = (call.Method, call.Method.Name);
        if ((IsWriting(method) || IsToldToWrite(call)) && call.Receiver is { } receiver)
            yield return new(Reshaping.Contains(name) ? TensorEffect.Reshape : TensorEffect.Write, receiver, Locate.Name(site.Syntax), $"\"{name}\"");
        foreach (var (parameter, value) in call.Arguments)
        {
            if (parameter is not null && (IsWritten(parameter) || IsMemoryByReference(parameter, value)))
                yield return new(name == "vector_to_parameters" ? TensorEffect.Reshape : TensorEffect.Write, value, TensorUses.LocationOf(value), $"\"{name}\"");
        }
    }

    /// <summary>What an assignment or a step writes: <c>W[0]</c>, <c>W.bytes</c>, what a reference or a pointer leads to. A value of a property is not written into.</summary>
    public static IEnumerable<TensorUse> OfTargets(IOperation operation)
    {
        foreach (var target in Operation.Targets(operation))
        {
            // An array of tensors is not a tensor: another one in its place writes into none.
            if (Written(target) is { } written && !(operation is not ICompoundAssignmentOperation && target is not IPropertyReferenceOperation && KnownTypes.BasesOf(target.Type!).Any(KnownTypes.IsTensor)))
                yield return new(TensorEffect.Write, written, target.Syntax.GetLocation(), "This");
        }
    }

    private static IOperation? Written(IOperation target) => Operation.Bare(target) switch
    {
        IPropertyReferenceOperation part => Operation.Parameter(part) is null && (part.Property.IsIndexer || part.Property.Name == "bytes") && TensorMembers.MayHold(part.Instance?.Type) && !IsCollection(part.Instance?.Type) ? part.Instance : null,
        ILocalReferenceOperation { Local.IsRef: true } local => local,
        IParameterReferenceOperation { Parameter.RefKind: RefKind.Ref } argument => argument,
        IArrayElementReferenceOperation element => element,
        IImplicitIndexerReferenceOperation element => element,
        IInvocationOperation { TargetMethod.ReturnsByRef: true } call => call,
        { Kind: OperationKind.None } pointed => pointed,
        _ => null,
    };

    // Of collections it is the elements that are tensors; another one in a place of it writes into none.
    private static bool IsCollection(ITypeSymbol? type) => type is INamedTypeSymbol { TypeArguments.Length: > 0 } && !TensorMembers.IsSpan(type) && type.Name is not ("TensorAccessor" or "Storage");

    private static bool IsWriting(IMethodSymbol method) =>
        (TensorMembers.IsInPlace(method.Name) && !Harmless.Contains(method.Name))
        || (Reading.Contains(method.Name) && method.ContainingNamespace is { Name: "TorchSharp" })
        || (method is { Name: "CopyFrom", ContainingNamespace.Name: "TorchSharp" or "Utils" })
        || (Spans.Contains(method.Name) && (TensorMembers.IsSpan(method.ContainingType) || IsMemoryExtension(method)))
        || (method.ContainingType is { Name: "NativeMemory" } && method.Name is "Clear" or "Fill");

    // functional.relu(W, inplace: true); what is computed may be true.
    private static bool IsToldToWrite(Call call) => call.Arguments.Any(static argument =>
        argument is { Parameter: { Name: "inplace", Type.SpecialType: SpecialType.System_Boolean }, Value.ConstantValue: not { HasValue: true, Value: false } });

    private static bool IsWritten(IParameterSymbol parameter) =>
        (parameter.Name == "out" && KnownTypes.IsTensor(parameter.Type))
        || (parameter is { Name: "tensors", ContainingSymbol.Name: "vector_to_parameters" })
        || (parameter is { Name: "destination" or "startAddress", Type: IPointerTypeSymbol })
        || (TensorMembers.IsSpan(parameter.Type) && parameter.ContainingSymbol is IMethodSymbol method && TensorMembers.Returned(method) is null && (!IsMemoryExtension(method) || parameter.Name == "destination"));

    // A reference to an element lets the method write it; one to a variable lets it give the variable another value.
    private static bool IsMemoryByReference(IParameterSymbol parameter, IOperation value) =>
        parameter is { RefKind: RefKind.Ref or RefKind.Out, ContainingSymbol: IMethodSymbol method } && TensorMembers.Returned(method) is null
        && Written(value) is not null && !TensorMembers.MayHold(value.Type);

    private static bool IsMemoryExtension(IMethodSymbol method) =>
        method.ContainingType is { Name: "MemoryExtensions", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };
}
