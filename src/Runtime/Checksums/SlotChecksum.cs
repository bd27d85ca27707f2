using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>
/// The checksum of one slot: of the elements of one checkpoint tensor that fill one region of one parameter. They are hashed as a load
/// writes them, which is decoded and in the parameter's element type, but in the order of the checkpoint tensor, so that it does not
/// matter how a model lays them out.
/// </summary>
/// <param name="Tensor">The full name of the checkpoint tensor, without the model's optional prefix.</param>
/// <param name="Shape">The shape of the whole tensor, decoded: that which the region counts in.</param>
/// <param name="Type">The element type that is hashed: the one that loads write.</param>
/// <param name="Region">The elements of the tensor.</param>
public sealed record SlotChecksum(string Tensor, ImmutableArray<long> Shape, CheckpointType Type, SlotRegion Region)
{
    /// <summary>The full name of the parameter, or null where it is not known.</summary>
    public string? Parameter { get; init; }

    /// <summary>Other names of the tensor, for tied weights.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>How the checkpoint stores the elements; null where it stores them as they are.</summary>
    public SlotEncoding? Encoding { get; init; }

    /// <summary>Other ways in which a checkpoint may store the elements: which one it is, its tensors say.</summary>
    public ImmutableArray<SlotEncoding> Others { get; init; } = [];

    /// <summary>
    /// Of a parameter that no tensor brought, so that it has the value which is declared for that: all tensors that could have brought it. A trainer
    /// that has none of them agrees. Empty for any other.
    /// </summary>
    public ImmutableArray<string> Absent { get; init; } = [];

    /// <summary>XXH3 of 128 bits, seed 0, over the little-endian elements in ascending order; null where there is a <see cref="Reason"/>.</summary>
    public UInt128? Hash { get; init; }

    /// <summary>Why there is no hash, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The region, unless it is the whole tensor; for messages.</summary>
    internal string? Part => Region.Count == Shape.Aggregate(1L, (count, size) => count * size) ? null : Region.ToString();

    /// <summary>What makes two sides speak of the same slot.</summary>
    internal (string Tensor, CheckpointType Type, SlotRegion Region) Key => (Tensor, Type, Region);

    /// <summary>Two checksums are equal when all that they say is.</summary>
    public bool Equals(SlotChecksum? other) =>
        other is not null
        && Key == other.Key
        && (Parameter, Encoding, Hash, Reason) == (other.Parameter, other.Encoding, other.Hash, other.Reason)
        && Sequences.Same(Shape, other.Shape)
        && Sequences.Same(Aliases, other.Aliases)
        && Sequences.Same(Others, other.Others)
        && Sequences.Same(Absent, other.Absent);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Hash);

    /// <summary>Tensor, type and region, such as <c>norm.weight BF16, elements 0..63</c>.</summary>
    public override string ToString() => $"{Tensor} {Type.Text()}, {Region}";

    /// <summary>Every way in which a checkpoint may store the elements; null where it stores them as they are.</summary>
    internal ImmutableArray<SlotEncoding?> Encodings => [Encoding, .. Others];

    /// <summary>What is wrong with what the checksum says of itself, or null.</summary>
    internal string? Fault() =>
        string.IsNullOrEmpty(Tensor) ? "a slot has no tensor"
        : Shape.IsDefault || Shape.Any(static size => size < 0) ? $"{Tensor}: it has no shape"
        : !Enum.IsDefined(Type) ? $"{Tensor}: {Type} is no element type"
        : Region.Fault(Shape) is { } region ? $"{Tensor}: {region}"
        : Others.Prepend(Encoding).Select(encoding => encoding?.Fault(Shape)).FirstOrDefault(fault => fault is not null) is { } encoding ? $"{Tensor}: {encoding}"
        : Hash is null && Reason is null ? $"{Tensor}: it has neither a hash nor a reason"
        : null;
}
