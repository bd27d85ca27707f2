using System.Diagnostics.CodeAnalysis;

namespace Lanyard.Layouts;

/// <summary>One source of a parameter as its author writes it.</summary>
/// <param name="Name">The checkpoint name, with holes: <c>experts.{experts}.weight</c>.</param>
/// <param name="Pattern">How each of these tensors is laid out.</param>
/// <param name="Part">The part in which both sides lie, or null.</param>
public sealed record LayoutSource(string Name, string Pattern, string? Part = null)
{
    /// <summary>
    /// Axes of the parameter that the source has not, with a space between: each of its elements goes to every index of them. Null for none.
    /// </summary>
    public string? Repeat { get; init; }

    /// <summary>
    /// The axis along which the tensors are laid one after another, first of the pattern: the name has one hole, which counts them, and the pattern
    /// is that of all together. A plan has one tensor for them, with the name as it is written. Null where each tensor stands for itself.
    /// </summary>
    public string? Joined { get; init; }

    /// <summary>Reads all texts.</summary>
    /// <exception cref="LayoutException">One of them does not parse.</exception>
    public ParsedSource Parse() => new(NamePattern.Parse(Name), Layouts.Pattern.Parse(Pattern), Part)
    {
        Repeat = Repeat is null ? null : TryParse(Repeat, out var axes, out var error) ? axes : throw new LayoutException(error),
        Joined = Joined,
    };

    /// <summary>Reads repeated axes, or says why it cannot.</summary>
    internal static bool TryParse(string repeat, [NotNullWhen(true)] out Pattern? axes, [NotNullWhen(false)] out LayoutError? error)
    {
        if (!Layouts.Pattern.TryParse(repeat, out axes, out error))
            return false;
        if (axes.Items.FirstOrDefault(static item => item.AxisKey is null) is not { } other)
            return true;
        error = new LayoutError(LayoutErrorKind.Syntax, FormattableString.Invariant($"Expected axes with spaces between, over which elements are repeated; found \"{other}\" at position {other.Start}."), other.Start, other.Length);
        axes = null;
        return false;
    }
}
