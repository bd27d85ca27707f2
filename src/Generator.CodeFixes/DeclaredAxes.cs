using System.Collections.Immutable;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.CodeFixes;

/// <summary>The axes of a parameter that a fix declares: those of the class where it has them for the same sizes, and new ones.</summary>
internal sealed class DeclaredAxes(HeldMember held)
{
    private readonly List<string> _names = [];
    private readonly List<string> _members = [];
    private readonly List<(string Member, ExpressionSyntax Size)> _assigned = [];

    /// <summary>The members to add.</summary>
    public IReadOnlyList<string> Members => _members;

    /// <summary>The names as patterns have them, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What the constructor assigns in place of what it did; null where that is nothing.</summary>
    public string? Assignment => _assigned.Count switch
    {
        0 => null,
        1 => $"{_assigned[0].Member} = {_assigned[0].Size}",
        _ => $"({string.Join(", ", _assigned.Select(static axis => axis.Member))}) = ({string.Join(", ", _assigned.Select(static axis => axis.Size))})",
    };

    /// <summary>Adds an axis; false where its size has no place in a member, or its name is taken.</summary>
    /// <param name="member">The name of a new member.</param>
    /// <param name="size">The size.</param>
    public bool TryAdd(string member, ExpressionSyntax size)
    {
        if (Known(size).FirstOrDefault(name => !_names.Contains(SnakeCase.Of(name))) is { } known)
        {
            _names.Add(SnakeCase.Of(known));
            return true;
        }
        if (held.Type.MemberNames.Contains(member) || held.Model.GetTypeInfo(size).Type is not { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } type) return false;
        var keyword = type.SpecialType == SpecialType.System_Int32 ? "int" : "long";
        _names.Add(SnakeCase.Of(member));
        _members.Add($"[Axis] public {keyword} {member}{(held.Assignment is null ? $" => {size.WithoutTrivia()};" : " { get; }")}");
        if (held.Assignment is not null) _assigned.Add((member, size.WithoutTrivia()));
        return true;
    }

    /// <summary>The axes of the class that have a size: it names one, or the constructor assigns it to one.</summary>
    private IEnumerable<string> Known(ExpressionSyntax size) => Assigned()
        .Where(pair => SyntaxFactory.AreEquivalent(pair.Value, size))
        .Select(static pair => pair.Target)
        .Prepend(size)
        .Select(expression => held.Model.GetSymbolInfo(expression).Symbol)
        .Where(symbol => symbol is IPropertySymbol or IFieldSymbol && SymbolEqualityComparer.Default.Equals(symbol.ContainingType, held.Type) && symbol.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: "AxisAttribute", ContainingNamespace.Name: "Lanyard" }))
        .Select(static symbol => symbol!.Name);

    private IEnumerable<(ExpressionSyntax Target, ExpressionSyntax Value)> Assigned() =>
        held.Constructor?.DescendantNodes().OfType<AssignmentExpressionSyntax>().SelectMany(static assignment => assignment is { Left: TupleExpressionSyntax targets, Right: TupleExpressionSyntax values }
            ? targets.Arguments.Zip(values.Arguments, static (target, value) => (target.Expression, value.Expression))
            : ImmutableArray.Create((assignment.Left, assignment.Right))) ?? [];
}
