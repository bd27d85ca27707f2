using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Where a value comes from: the tensor of a parameter, an argument of the method, or anything else.</summary>
/// <param name="Source">What names or makes it.</param>
/// <param name="Part">Which part of that: <c>Item2</c>; empty where it is all of it.</param>
/// <param name="Way">What lies between.</param>
internal readonly record struct Origin(IOperation Source, string Part, Way Way)
{
    private static readonly HashSet<string> Lists = ["parameters", "named_parameters", "get_parameter", "state_dict"];

    /// <summary>Whether it is the tensor of a parameter.</summary>
    public bool IsParameter => IsTensorOfModule(Source);

    /// <summary>The parameter's name, or the code that stands for it.</summary>
    public string Name => Source switch
    {
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } when !IsValue(property) => property.Name,
        _ => Source.Syntax.ToString(),
    };

    /// <summary>The argument that it is; null where it is none.</summary>
    public IParameterSymbol? Argument => (Source as IParameterReferenceOperation)?.Parameter.OriginalDefinition;

    /// <summary>Whether two values come from one.</summary>
    public bool IsOf(Origin other) => Part == other.Part && (Source == other.Source || (Argument is { } argument && SymbolEqualityComparer.Default.Equals(argument, other.Argument)));

    /// <summary>Whether both are the same parameter of the same instance, as far as names tell.</summary>
    public bool IsSameParameter(IPropertyReferenceOperation parameter) =>
        Source is IPropertyReferenceOperation other && parameter.Property.Name == other.Property.Name
        && Operation.IsThis(parameter.Instance) && Operation.IsThis(other.Property.ContainingType.Name == "ParameterEntries" ? (Operation.Bare(other.Instance) as IPropertyReferenceOperation)?.Instance : other.Instance);

    /// <summary>Whether an operation names the tensor of a parameter, its entry, or the list of all of them.</summary>
    public static bool IsTensorOfModule(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: var property } => Annotated.IsParameter(property) || IsValue(property) || IsEntry(property),
        IInvocationOperation { TargetMethod: var method } call => Lists.Contains(method.Name) && Annotated.IsModule(Operation.Bare(call.Instance)?.Type),
        _ => false,
    };

    /// <summary>Whether a property is the tensor of an entry.</summary>
    public static bool IsValue(IPropertySymbol property) => property.Name == "Value" && IsBound(property.ContainingType);

    /// <summary>Whether a type is that of entries.</summary>
    public static bool IsBound(ITypeSymbol? type) => (type as INamedTypeSymbol).IsAttribute("BoundParameter");

    private static bool IsEntry(IPropertySymbol property) => property is { IsIndexer: false, ContainingType.Name: "ParameterEntries" } && IsBound(property.Type);
}
