using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>How codes lie in a stored tensor.</summary>
/// <param name="Type">What a code stands for.</param>
public sealed record CodeLayout(CodeType Type)
{
    /// <summary>The bits of a code; zero where each is an element of its own.</summary>
    public int Bits { get; init; }

    /// <summary>The bits of a word.</summary>
    public int Word { get; init; }

    /// <summary>The axis along which codes are packed, counted from the end: -1 is the last.</summary>
    public int Axis { get; init; } = -1;

    /// <summary>Where code i of each run of as many lies in it; empty where codes lie in order.</summary>
    public ImmutableArray<int> Order { get; init; } = [];

    /// <summary>The codes of a block that has an axis of its own; zero for none.</summary>
    public int Block { get; init; }

    /// <summary>Two are equal when all that they say is.</summary>
    public bool Equals(CodeLayout? other) =>
        other is not null
        && (Type, Bits, Word, Axis, Block) == (other.Type, other.Bits, other.Word, other.Axis, other.Block)
        && Sequences.Same(Order, other.Order);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Bits, Word, Axis, Block);
}
