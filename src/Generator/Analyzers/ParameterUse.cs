using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>Recognises parameters in operations, and the members in which they may be assigned.</summary>
internal static class ParameterUse
{
    /// <summary>The parameter that an operation names, through parentheses, conversions, <c>?.</c> and null-forgiveness; null where it names none.</summary>
    public static IPropertyReferenceOperation? Of(IOperation? operation) =>
        ParameterView.Bare(operation) is IPropertyReferenceOperation reference && IsParameter(reference.Property) ? reference : null;

    /// <summary>Whether a property is declared as a parameter, here or in another assembly, by itself or by what it overrides.</summary>
    public static bool IsParameter(IPropertySymbol? property)
    {
        for (; property is not null; property = property.OverriddenProperty)
        {
            if (property.Attribute("ParameterAttribute") is not null || property.PartialDefinitionPart?.Attribute("ParameterAttribute") is not null) return true;
        }
        return false;
    }

    /// <summary>Whether a type, or one that it derives from, is annotated.</summary>
    public static bool IsModule(ITypeSymbol? type) => type is ITypeParameterSymbol parameter
        ? parameter.ConstraintTypes.Any(IsModule)
        : type is not null && KnownTypes.BasesOf(type).Any(static type => type.Attribute("ParameterModuleAttribute") is not null);

    /// <summary>Whether a method is a post-load method, or undoes one.</summary>
    public static bool IsPostLoad(ISymbol? symbol) => symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
        && (IsMarked(method) || (IsNameable(method) && method.ContainingType.GetMembers().Any(other => other.Attribute("PostLoadAttribute")?.Named("Undo") as string == method.Name)));

    /// <summary>Whether an operation stands in a lambda or a local function, which may run at another time.</summary>
    public static bool IsDeferred(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }
        return false;
    }

    /// <summary>Whether an operation stands in <c>nameof</c>, which evaluates nothing.</summary>
    public static bool IsNamed(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is INameOfOperation) return true;
        }
        return false;
    }

    /// <summary>What an operation assigns to: the elements of a tuple one by one.</summary>
    public static IEnumerable<IOperation> Targets(IOperation operation) => operation switch
    {
        IDeconstructionAssignmentOperation deconstruction => Elements(deconstruction.Target),
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation step => [step.Target],
        _ => [],
    };

    /// <summary>Whether an operation names the instance whose member it stands in.</summary>
    public static bool IsThis(IOperation? operation) => operation is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private static IEnumerable<IOperation> Elements(IOperation target) =>
        target is ITupleOperation tuple ? tuple.Elements.SelectMany(Elements) : [target];

    // A name means the overload without arguments, where there is one.
    private static bool IsNameable(IMethodSymbol method) => method.Parameters.IsEmpty
        || !method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(static other => other.Parameters.IsEmpty);

    private static bool IsMarked(IMethodSymbol method) =>
        method.Attribute("PostLoadAttribute") is not null || method.PartialDefinitionPart?.Attribute("PostLoadAttribute") is not null;
}
