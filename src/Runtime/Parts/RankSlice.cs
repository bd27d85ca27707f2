using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>What a rank holds of the tensors of one source: what an export writes of them, and what a refit takes as a slice.</summary>
internal sealed class RankSlice
{
    private readonly HashSet<string>? _held;

    /// <param name="source">The source.</param>
    /// <param name="axes">The axes of the module, with what the rank holds.</param>
    /// <param name="rows">What the shard in question has of a joined axis, or null.</param>
    /// <exception cref="LayoutException">The indices held cut a block of the pattern.</exception>
    public RankSlice(CheckpointSource source, ImmutableArray<Axis> axes, JoinedRows? rows)
    {
        ImmutableArray<Axis> held = [.. axes.Select(HeldIndices.InOrder).Select(axis => rows?.Of(axis) ?? axis)];
        Slice = new TensorSlice(source.Pattern, held);
        Part = TensorPart.Of(Slice);
        Padding = Layout.PaddingOf(source.Pattern, held);
        if (rows is not null) return;
        var name = NamePattern.Parse(source.Name);

        // All axes of the source, those of its name and those over which it is repeated, too, as a parameter that it fills by itself: where that has a slot, the rank holds
        // something.
        var all = string.Join(' ', name.Holes.Select(hole => hole.Composition.ToString()).Append(source.Repeat ?? "").Append(source.Pattern));
        var plan = Layout.Resolve(all, [new LayoutSource(source.Name, source.Pattern) { Repeat = source.Repeat }], held);
        _held = plan.Slots.Select(slot => plan.Tensors[slot.Tensor].Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The part of each tensor that it holds anything of.</summary>
    public TensorSlice Slice { get; }

    /// <summary>The same, with the indices of each dimension.</summary>
    public TensorPart Part { get; }

    /// <summary>The elements of the slice that are padding, and zero.</summary>
    public ImmutableArray<LayoutSlot> Padding { get; }

    /// <summary>Whether the rank holds anything of a tensor, whether or not any parameter takes it.</summary>
    /// <param name="name">The tensor's name below the module.</param>
    public bool Holds(string name) => _held?.Contains(name) ?? !Part.IsEmpty;
}
