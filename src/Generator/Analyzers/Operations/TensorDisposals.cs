using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What disposes a tensor, gives it to a scope, or takes its handle.</summary>
internal static class TensorDisposals
{
    private static readonly HashSet<string> Calls = ["Dispose", "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetatchFromDisposeScope", "DecoupleFromNativeHandle"];

    /// <summary>What a call takes whose body is not seen.</summary>
    public static IEnumerable<TensorUse> In(Call call, IOperation site)
    {
        var (method, by) = (call.Method, $"\"{call.Method.Name}\"");
        if (method.MethodKind == MethodKind.Constructor)
        {
            if (KnownTypes.IsParameter(method.ContainingType) && call.Arguments.FirstOrDefault() is (_, { } wrapped))
                yield return new(TensorEffect.Move, wrapped, TensorUses.LocationOf(wrapped), "The constructor of Parameter");
            yield break;
        }
        if (method is { IsStatic: true, Name: "Parameter", ContainingType.Name: "nn" } && call.Receiver is { } given) yield return new(TensorEffect.Move, given, TensorUses.LocationOf(given), by);
        if (Calls.Contains(method.Name) && call.Receiver is { } receiver) yield return new(TensorEffect.Dispose, receiver, Locate.Name(site.Syntax), by);
        foreach (var (parameter, value) in call.Arguments)
        {
            if (IsScope(method.ContainingType)) yield return new(TensorEffect.Dispose, value, TensorUses.LocationOf(value), by);
            else if (parameter?.Name == "disposeAfter" && value.ConstantValue is { HasValue: true, Value: true } && call.Receiver is { } converted)
                yield return new(TensorEffect.Dispose, converted, TensorUses.LocationOf(value), by);
        }
    }

    /// <summary>What <c>using</c> disposes.</summary>
    public static IEnumerable<TensorUse> OfResources(IOperation operation)
    {
        var resources = operation is IUsingDeclarationOperation declaration ? declaration.DeclarationGroup : ((IUsingOperation)operation).Resources;
        IEnumerable<IOperation?> values = resources is IVariableDeclarationGroupOperation group
            ? group.Declarations.SelectMany(static each => each.Declarators).Select(static each => each.Initializer?.Value)
            : [resources];
        return values.OfType<IOperation>().Select(static value => new TensorUse(TensorEffect.Dispose, value, value.Syntax.GetLocation(), "\"using\""));
    }

    private static bool IsScope(INamedTypeSymbol? type) =>
        type is { Name: "DisposeScope" or "DisposeScopeManager", ContainingNamespace: { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true } };
}
