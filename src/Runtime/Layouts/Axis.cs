using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>An axis of one model: its name, its size, and what this rank holds of it.</summary>
public sealed record Axis
{
    /// <summary>Makes an axis.</summary>
    /// <param name="name">The name that patterns use.</param>
    /// <param name="size">The whole size.</param>
    /// <param name="labels">How its indices are spelled in names: one label for each index, or none.</param>
    /// <param name="held">What this rank holds; everything if it is not given.</param>
    /// <exception cref="ArgumentException">The size is negative, labels are not one for each index or not distinct, or the share reaches past the axis.</exception>
    public Axis(string name, long size, ImmutableArray<string> labels = default, AxisShare? held = null)
    {
        Name = name;
        Size = size >= 0 ? size : throw new ArgumentOutOfRangeException(nameof(size), $"The size of axis \"{name}\" is negative.");
        Labels = labels.IsDefault ? [] : labels;
        if (!Labels.IsEmpty && (Labels.Length != size || Labels.Distinct(StringComparer.Ordinal).Count() != Labels.Length))
            throw new ArgumentException(FormattableString.Invariant($"Axis \"{name}\" needs {size} distinct labels, one for each index."), nameof(labels));
        // After the size, against which it is checked.
        Held = held ?? AxisShare.All;
    }

    /// <summary>The name that patterns use.</summary>
    public string Name { get; }

    /// <summary>The whole size, over all ranks.</summary>
    public long Size { get; }

    /// <summary>How its indices are spelled in names; empty for an axis that is counted.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>What this rank holds, in the order of its memory.</summary>
    /// <exception cref="ArgumentException">The share reaches past the axis.</exception>
    public AxisShare Held
    {
        get;
        // Here, for `axis with { Held = ... }` comes by no constructor.
        init => field = value.Fits(Size)
            ? value
            : throw new ArgumentException(FormattableString.Invariant($"The share {value} reaches past axis \"{Name}\" of size {Size}."), nameof(value));
    }

    /// <summary>Two axes are equal when all they say is equal.</summary>
    public bool Equals(Axis? other) =>
        other is not null && Name == other.Name && Size == other.Size && Held.Equals(other.Held) && Sequences.Same(Labels, other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((StringComparer.Ordinal.GetHashCode(Name) * 31) + Size.GetHashCode());
}
