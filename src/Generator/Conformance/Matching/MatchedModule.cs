using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>A module as a list has it; one stands for all of a group that are alike.</summary>
/// <param name="class">What its class declares.</param>
/// <param name="via">The child of the class around it that it is; null for a root.</param>
/// <param name="names">What stands before its names.</param>
public sealed class MatchedModule(DescribedModule @class, DescribedChild? via, ModuleNames names)
{
    /// <summary>What its class declares.</summary>
    public DescribedModule Class { get; } = @class;

    /// <summary>The child of the class around it that it is; null for a root.</summary>
    public DescribedChild? Via { get; } = via;

    /// <summary>What stands before its names.</summary>
    public ModuleNames Names { get; } = names;

    /// <summary>The parameters.</summary>
    public List<MatchedParameter> Parameters { get; } = [];

    /// <summary>The children.</summary>
    public List<MatchedModule> Children { get; } = [];

    /// <summary>What is wrong with it, without what is wrong below it.</summary>
    public List<ConformanceProblem> Problems { get; } = [];

    /// <summary>The tensors that it takes, without those below it: rows and the numbers of their holes.</summary>
    public List<(int Row, ImmutableArray<NumberSet> Numbers)> Claims { get; } = [];

    /// <summary>Rows that something takes which the model is declared to be without, and what does.</summary>
    public Dictionary<int, string> Declined { get; } = [];

    /// <summary>The numbers of the items of its lists, by what stands before them.</summary>
    public Dictionary<string, NumberSet> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>How many modules of the model it stands for.</summary>
    public long Count => Names.Default.Groups.Aggregate(1L, static (count, group) => count * group.Numbers.Count);

    /// <summary>It and all below it.</summary>
    public IEnumerable<MatchedModule> Tree
    {
        get
        {
            yield return this;
            foreach (var module in Children.SelectMany(static child => child.Tree)) yield return module;
        }
    }
}
