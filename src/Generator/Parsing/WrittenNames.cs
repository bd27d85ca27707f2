using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>The names that generated code declares.</summary>
internal static class WrittenNames
{
    public const string Creator = "CreateParameters";

    /// <summary>The class by which rules recognise generated code. Who declares one hears of it by the compiler, so that nobody else's passes for it.</summary>
    public const string Entries = "ParameterEntries";

    // Members of the classes inside the generated half, which have one for each parameter besides.
    private static readonly HashSet<string> Inside = ["Module", "Registered", "RegisteredModules", "Children", "VisitChildren", "ExchangeChildren", "RegisterChildren", "OnDevice", "Ignores", "NumbersOf", "Remember", "Assign", "SizeOf", "Run", "Undo", "Has", "_module"];

    private static readonly string[] Overridden = ["RegisterComponents", "_toEpilog", "named_parameters", "get_parameter", "load_state_dict", "load"];

    /// <summary>The members that the generator writes into a class.</summary>
    public static IReadOnlyList<string> Members { get; } = ["Map", "Parameters", Entries, Creator];

    /// <summary>Whether a parameter cannot have a name, because the classes inside of the generated half have it.</summary>
    public static bool IsTakenInside(string name) => Inside.Contains(name);

    /// <summary>Whether the author declares what generated code declares, too: a rule says so, if the compiler does not before.</summary>
    public static bool AreTaken(INamedTypeSymbol type) => IsMember(type.Name)
        || type.TypeParameters.Any(static parameter => IsMember(parameter.Name))
        || Members.Where(IsMember).Any(name => type.GetMembers(name).Any(static member => member.Name != Creator || member is not IMethodSymbol method || IsCreator(method)))
        || Overridden.Any(name => type.GetMembers(name).Any(IsOverridden));

    /// <summary>Whether a method is the one that makes the parameters, and no overload of it.</summary>
    public static bool IsCreator(IMethodSymbol method) =>
        method is { IsGenericMethod: false, Parameters: [{ Type.Name: "Topology" }, { Type: INamedTypeSymbol { Name: "Nullable", TypeArguments: [{ Name: "ScalarType" }] } }, { Type.Name: "Device" }] };

    private static bool IsMember(string name) => name != Entries && Members.Contains(name);

    // TorchSharp has several that load, of which generated code overrides the one that all others call.
    private static bool IsOverridden(ISymbol member) => member is IMethodSymbol { IsOverride: true, Parameters: var parameters }
        && (member.Name != "load" || parameters is [{ Type.Name: "BinaryReader" }, ..]);
}
