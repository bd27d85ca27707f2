using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>One source of a parameter, already parsed: a <see cref="LayoutSource"/> that needs no reading again.</summary>
/// <param name="Name">The checkpoint name, with holes.</param>
/// <param name="Pattern">How each of these tensors is laid out.</param>
/// <param name="Part">The part in which both sides lie, or null.</param>
public sealed record ParsedSource(NamePattern Name, Pattern Pattern, string? Part = null)
{
    /// <summary>The axes to every index of which an element goes, one item for each; null for none.</summary>
    /// <exception cref="ArgumentException">An item is no axis.</exception>
    public Pattern? Repeat
    {
        get;
        init => field = value is null || value.Items.All(static item => item.AxisKey is not null) ? value : throw new ArgumentException($"\"{value.Text}\" is more than axes.", nameof(value));
    }

    /// <summary>The axis along which the tensors are laid one after another; null where each stands for itself.</summary>
    public string? Joined { get; init; }

    internal ImmutableArray<ItemNode> Repeated => Repeat?.Items ?? [];
}
