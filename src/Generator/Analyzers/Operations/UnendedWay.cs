using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Looks for a way through a body on which an object is worked with and the body ends before the object does, without an exception.</summary>
internal sealed class UnendedWay
{
    private readonly HashSet<SyntaxNode> _ends = [];
    private readonly HashSet<SyntaxNode> _works = [];
    private readonly HashSet<(int Block, bool HasWorked)> _seen = [];

    private UnendedWay(IOperation root, ILocalSymbol local, string ending)
    {
        foreach (var use in root.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, local)))
        {
            if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use) continue;
            IsHidden |= IsInside(use);
            if (IsDisposed(use) || new Handling(ending).Ends(use)) _ends.Add(use.Syntax);
            else if (Outer(use) is IInvocationOperation or IArgumentOperation) _works.Add(use.Syntax);
        }
    }

    /// <summary>Whether code that runs at another time uses it.</summary>
    private bool IsHidden { get; }

    /// <summary>Whether there is such a way; not where code that runs at another time may end it.</summary>
    /// <param name="made">The call that makes the object.</param>
    /// <param name="ending">The method that ends it. To dispose of it in so many words is to give it up, and ends it, too.</param>
    public static bool Exists(IOperation made, string ending)
    {
        if (LocalOf(made) is not { } local || IsInside(made)) return false;
        var root = Operation.RootOf(made);
        var way = new UnendedWay(root, local, ending);
        if (way.IsHidden || way._works.Count == 0) return false;
        var graph = root switch
        {
            IMethodBodyOperation method => ControlFlowGraph.Create(method),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor),
            IBlockOperation block => ControlFlowGraph.Create(block),
            _ => null,
        };
        if (graph is null) return false;
        foreach (var block in graph.Blocks)
        {
            for (var i = 0; i < block.Operations.Length; i++)
            {
                if (block.Operations[i].DescendantsAndSelf().Any(operation => operation.Syntax == made.Syntax)) return way.Leaves(graph, block, i + 1, hasWorked: false);
            }
        }
        return false;
    }

    /// <summary>The local that is given the object.</summary>
    private static ILocalSymbol? LocalOf(IOperation made)
    {
        var outer = made.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            _ => null,
        };
    }

    private static IOperation? Outer(IOperation use)
    {
        var outer = use.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer is IConditionalAccessOperation access ? access.WhenNotNull : outer;
    }

    private static bool IsDisposed(IOperation use) => Outer(use) is IInvocationOperation { TargetMethod.Name: "Dispose", IsImplicit: false };

    private static bool IsInside(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }
        return false;
    }

    private bool Leaves(ControlFlowGraph graph, BasicBlock block, int from, bool hasWorked)
    {
        if (!block.IsReachable || (from == 0 && !_seen.Add((block.Ordinal, hasWorked)))) return false;
        var operations = block.Operations.Skip(from).ToList();
        if (block.BranchValue is { } value) operations.Add(value);
        foreach (var operation in operations.SelectMany(static operation => operation.DescendantsAndSelf()).Where(static operation => operation is ILocalReferenceOperation))
        {
            if (_ends.Contains(operation.Syntax)) return false;
            hasWorked |= _works.Contains(operation.Syntax);
        }
        return Branches(block).Any(branch => Leaves(graph, branch, hasWorked));
    }

    private bool Leaves(ControlFlowGraph graph, ControlFlowBranch branch, bool hasWorked)
    {
        if (branch.Semantics is not (ControlFlowBranchSemantics.Regular or ControlFlowBranchSemantics.Return) || branch.Destination is not { } next) return false;
        if (branch.FinallyRegions.Any(region => Enumerable.Range(region.FirstBlockOrdinal, region.LastBlockOrdinal - region.FirstBlockOrdinal + 1).Any(i => Ends(graph.Blocks[i])))) return false;
        return next.Kind == BasicBlockKind.Exit ? hasWorked : Leaves(graph, next, 0, hasWorked);
    }

    private bool Ends(BasicBlock block) => block.Operations.Concat(block.BranchValue is { } value ? [value] : []).SelectMany(static operation => operation.DescendantsAndSelf()).Any(operation => operation is ILocalReferenceOperation && !operation.IsImplicit && _ends.Contains(operation.Syntax));

    /// <summary>Where a block goes on; of a condition that is known, where it does.</summary>
    private static IEnumerable<ControlFlowBranch> Branches(BasicBlock block)
    {
        var isTaken = block.BranchValue?.ConstantValue is { HasValue: true, Value: bool known } ? known == (block.ConditionKind == ControlFlowConditionKind.WhenTrue) : (bool?)null;
        if (block.ConditionalSuccessor is { } conditional && isTaken != false) yield return conditional;
        if (block.FallThroughSuccessor is { } next && (block.ConditionKind == ControlFlowConditionKind.None || isTaken != true)) yield return next;
    }
}
