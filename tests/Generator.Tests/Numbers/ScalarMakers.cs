using System.Reflection.Metadata.Ecma335;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests.Numbers;

/// <summary>
/// The members of TorchSharp whose body makes a Scalar, or calls a member that does. TorchSharp hands the native handle of a Scalar on and
/// keeps nothing alive, so all of them can lose their number to a collection in the middle of the native call.
/// </summary>
internal static class ScalarMakers
{
    public static CSharpCompilation TorchSharp { get; } = CSharpCompilation.Create(
        "Reader",
        references: [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(global::TorchSharp.torch).Assembly.Location)],
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: MetadataImportOptions.All));

    /// <summary>Documentation ids of what other assemblies can call, sorted.</summary>
    public static IReadOnlyList<string> Find()
    {
        var methods = Types(TorchSharp.GetAssemblyOrModuleSymbol(TorchSharp.References.Last()) is IAssemblySymbol assembly ? assembly.GlobalNamespace : throw new InvalidOperationException())
            .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>()).Where(method => method.MetadataToken != 0).ToDictionary(method => method.MetadataToken);
        using var bodies = new MethodBodies(typeof(global::TorchSharp.torch).Assembly.Location);
        var callers = bodies.Methods
            .SelectMany(method => bodies.Calls(method).Where(call => !(call.IsFreed && IsScalar(methods[call.Callee]))), (caller, call) => (caller, call.Callee))
            .ToLookup(edge => edge.Callee, edge => edge.caller);

        var makers = new HashSet<int>();
        var open = new Stack<int>(methods.Values.Where(method => method.MethodKind == MethodKind.Constructor && IsScalar(method)).Select(method => method.MetadataToken));
        while (open.TryPop(out var made))
        {
            if (!makers.Add(made)) continue;
            foreach (var caller in callers[made]) open.Push(caller);
            if (IsCalledByBase(methods[made])) foreach (var constructor in methods[made].ContainingType.InstanceConstructors) open.Push(constructor.MetadataToken);
        }
        return [.. makers.Select(token => methods[token]).Where(IsVisible).Select(method => (method.AssociatedSymbol ?? method).GetDocumentationCommentId()!).Distinct().Order(StringComparer.Ordinal)];
    }

    private static bool IsScalar(IMethodSymbol method) =>
        (method.MethodKind == MethodKind.Constructor ? method.ContainingType : method.ReturnType).ToDisplayString() == "TorchSharp.Scalar";

    /// <summary>Nobody names an override that its base class calls, nor the code of an iterator: who makes the object takes them along.</summary>
    private static bool IsCalledByBase(IMethodSymbol method) =>
        method is { IsOverride: true, OverriddenMethod.ContainingAssembly.Name: "TorchSharp" }
        || (method.Name == "MoveNext" && method.ContainingType.Name.StartsWith('<'));

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType));

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent) => parent.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));
}
