using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What members of TorchSharp and of the framework hand out: a tensor over the memory of another, or new memory. By name, for their bodies are not seen.</summary>
internal static class TensorMembers
{
    private static readonly HashSet<string> Same = ["DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetatchFromDisposeScope"];

    // The tensor itself where there is nothing to do.
    private static readonly HashSet<string> Converting =
        ["to", "to_type", "type_as", "type", "cpu", "cuda", "contiguous", "resolve_conj", "resolve_neg", "pin_memory", "to_dense", "float", "half", "double", "bfloat16", "dropout"];

    private static readonly HashSet<string> Whole =
    [
        "view", "view_as", "view_as_real", "view_as_complex", "reshape", "flatten", "unflatten", "ravel", "t", "T", "mT", "H", "mH", "adjoint",
        "transpose", "permute", "movedim", "moveaxis", "swapaxes", "swapdims", "squeeze", "unsqueeze", "expand", "expand_as", "broadcast_to",
        "alias", "detach", "data", "bytes", "storage", "atleast_1d", "atleast_2d", "atleast_3d", "positive",
    ];

    private static readonly HashSet<string> Some =
    [
        "narrow", "select", "slice", "index", "diagonal", "unfold", "as_strided", "real", "imag", "split", "chunk", "unbind", "tensor_split",
        "split_with_sizes", "hsplit", "vsplit", "dsplit",
    ];

    private static readonly HashSet<string> Spans = ["Cast", "AsBytes", "GetReference", "CreateSpan", "CreateReadOnlySpan", "AsRef", "AsMemory", "AsSpan", "Slice", "Add", "AddByteOffset", "Subtract", "AsPointer", "As", "GetPinnableReference"];

    /// <summary>How a member ties what it returns to what it is asked of; null where it returns something new.</summary>
    public static Way? Returned(ISymbol member)
    {
        var name = member.Name;
        if (Same.Contains(name) || IsInPlace(name)) return Way.Itself;
        if (name == "contiguous") return new(Tie.Tensor, IsDense: true);
        if (Converting.Contains(name)) return new(Tie.Tensor, MayCopy: true);
        if (Whole.Contains(name)) return new(Tie.Memory);
        if (Some.Contains(name) || (Spans.Contains(name) && IsOfMemory(member.ContainingType))) return new(Tie.Part);
        return null;
    }

    /// <summary>The same of a call, by what it is given: told to copy, it returns something new.</summary>
    public static Way? Returned(Call call) => call.Method.Name switch
    {
        "index" => Indexed(call.Arguments.Select(static argument => argument.Value).Where(value => value != call.Receiver)),
        var name when Converting.Contains(name) && call.Arguments.Any(static argument => argument is { Parameter.Name: "copy", Value.ConstantValue: { HasValue: true, Value: true } }) => null,
        _ => Returned(call.Method),
    };

    /// <summary>How what an index takes out of a tensor is tied to it. Numbers and slices look at it; a tensor copies what it takes, unless it is a single number.</summary>
    public static Way Indexed(IEnumerable<IOperation> indices) => new(Tie.Part, MayCopy: !indices.All(IsSlice));

    /// <summary>Whether a name says that the method writes into what it is called on, which it then returns.</summary>
    public static bool IsInPlace(string name) => name.Length > 1 && name.EndsWith("_", StringComparison.Ordinal);

    /// <summary>Whether a type looks at memory that is another's.</summary>
    public static bool IsSpan(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Span" or "Memory", Arity: 1, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether a value of the type may be a tensor, have some, or look at the memory of one.</summary>
    public static bool MayHold(ITypeSymbol? type) => MayHold(type, 3);

    // What is made elsewhere, as in an array of indices, may be anything.
    private static bool IsSlice(IOperation index) => Operation.Bare(index) switch
    {
        IConversionOperation conversion => IsSlice(conversion.Operand),
        IInvocationOperation { TargetMethod: { Name: var name, ContainingType.Name: "TensorIndex" } } => name is not ("Tensor" or "Bool"),
        IMemberReferenceOperation { Member.ContainingType.Name: "TensorIndex" } => true,
        { Type: { } type } => type is not { Name: "TensorIndex" } and not { SpecialType: SpecialType.System_Boolean } and not IArrayTypeSymbol && !KnownTypes.BasesOf(type).Any(KnownTypes.IsTensor),
        _ => true,
    };

    private static bool MayHold(ITypeSymbol? type, int depth) => type switch
    {
        null => false,
        IPointerTypeSymbol => true,
        IArrayTypeSymbol array => depth > 0 && MayHold(array.ElementType, depth - 1),
        _ when IsSpan(type) || Origin.IsBound(type) || KnownTypes.BasesOf(type).Any(KnownTypes.IsTensor) => true,
        INamedTypeSymbol { IsTupleType: true } tuple => depth > 0 && tuple.TupleElements.Any(element => MayHold(element.Type, depth - 1)),
        INamedTypeSymbol named => named.IsAnonymousType || named.Name is "TensorAccessor" or "Storage" || (depth > 0 && named.TypeArguments.Any(argument => MayHold(argument, depth - 1))),
        _ => false,
    };

    private static bool IsOfMemory(INamedTypeSymbol? type) => type is { ContainingType: null, Name: "MemoryMarshal" or "Unsafe" or "MemoryExtensions" or "Span" or "Memory" or "ReadOnlySpan" };
}
