using System.Runtime.CompilerServices;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Values that become those of parameters.</summary>
internal static class KeptTensors
{
    private static readonly ConditionalWeakTable<IOperation, List<TensorUse>> Bodies = new();

    /// <summary>What an assignment gives to parameters, choice by choice.</summary>
    public static IEnumerable<TensorUse> In(IOperation operation)
    {
        foreach (var (target, value) in operation is IAssignmentOperation and not ICompoundAssignmentOperation ? Pairs((IAssignmentOperation)operation) : [])
        {
            if (Operation.Parameter(target) is not { } keeper) continue;
            foreach (var choice in Operation.Choices(value)) yield return new(TensorEffect.Keep, choice, choice.Syntax.GetLocation(), $"\"{keeper.Property.Name}\"") { Keeper = keeper };
        }
    }

    /// <summary>What a constructor is given for a parameter, where its body is not seen: it asks for no other reason.</summary>
    public static IEnumerable<TensorUse> In(Call call) => call.Method.MethodKind == MethodKind.Constructor && Annotated.IsModule(call.Method.ContainingType)
        ? from argument in call.Arguments
          where argument.Parameter is { Type: var type } && KnownTypes.IsParameter(type)
          select new TensorUse(TensorEffect.Keep, argument.Value, TensorUses.LocationOf(argument.Value), $"\"{call.Method.ContainingType.Name}\"")
        : [];

    /// <summary>The use before this one, of the same body, that keeps the same value; null where there is none.</summary>
    public static TensorUse? Before(TensorUse use, Origin origin) =>
        Bodies.GetValue(Operation.RootOf(use.Value), static body => [.. from operation in body.DescendantsAndSelf() where TensorUses.Kinds.Contains(operation.Kind) from kept in TensorUses.In(operation) where kept.Effect == TensorEffect.Keep select kept])
            .FirstOrDefault(other => other.Value.Syntax.SpanStart < use.Value.Syntax.SpanStart && !IsOneParameter(other, use) && other.Origins().Any(one => one.Way is { Tie: >= Tie.Memory, IsElement: false } && one.IsOf(origin)));

    /// <summary>Whether a value is kept several times by one piece of code: a loop, or a lambda, that it was made outside of.</summary>
    public static bool IsRepeated(TensorUse use, Origin origin)
    {
        if (use.Keeper is not null) return false;
        for (var outer = use.Value.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILoopOperation or IAnonymousFunctionOperation && !outer.Syntax.Span.Contains(Made(origin))) return true;
        }
        return false;
    }

    private static TextSpan Made(Origin origin) => (origin.Argument?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() ?? origin.Source.Syntax).Span;

    // Another value in its place.
    private static bool IsOneParameter(TensorUse one, TensorUse other) => one.Keeper is { } keeper && other.Keeper is { } again
        && SymbolEqualityComparer.Default.Equals(keeper.Property, again.Property) && Operation.IsThis(keeper.Instance) && Operation.IsThis(again.Instance);

    private static IEnumerable<(IOperation Target, IOperation Value)> Pairs(IAssignmentOperation assignment) =>
        assignment is IDeconstructionAssignmentOperation ? Pairs(assignment.Target, assignment.Value) : [(assignment.Target, assignment.Value)];

    private static IEnumerable<(IOperation Target, IOperation Value)> Pairs(IOperation target, IOperation value) =>
        target is ITupleOperation targets
            ? Operation.Bare(value) is ITupleOperation values ? targets.Elements.Zip(values.Elements, Pairs).SelectMany(static pairs => pairs) : []
            : [(target, value)];
}
