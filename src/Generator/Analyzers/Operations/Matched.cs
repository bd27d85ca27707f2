using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What patterns are compared with.</summary>
internal static class Matched
{
    /// <summary>The value that a pattern is about: the operation that names it, and the part of what that is, where the pattern takes it apart.</summary>
    public static (IOperation Value, string? Part, bool IsElement)? By(IPatternOperation pattern) => pattern.Parent switch
    {
        IIsPatternOperation test => (test.Value, null, false),
        ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } => (choice.Value, null, false),
        IPatternCaseClauseOperation { Parent: ISwitchCaseOperation { Parent: ISwitchOperation choice } } => (choice.Value, null, false),
        IPropertySubpatternOperation property => (property.Member, null, false),
        IRecursivePatternOperation outer => (outer, LocalValues.Item(outer.DeconstructionSubpatterns.IndexOf(pattern)), false),
        IListPatternOperation outer => (outer, null, true),
        ISlicePatternOperation { Parent: IListPatternOperation outer } => (outer, null, false),
        IPatternOperation outer => (outer, null, false),
        _ => null,
    };

    /// <summary>The pattern whose value a property pattern asks: <c>{ Weight: ... }</c> of it.</summary>
    public static IPatternOperation? Around(IOperation input)
    {
        for (var outer = input.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IPropertySubpatternOperation) return outer.Parent as IPatternOperation;
        }
        return null;
    }
}
