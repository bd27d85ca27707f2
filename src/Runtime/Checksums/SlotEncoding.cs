using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>How a checkpoint stores the elements of a slot that are not stored as they are: what a load undoes before it writes them.</summary>
/// <param name="Values">How values are stored.</param>
/// <param name="Companions">The full names of the tensors beside the codes, in their order.</param>
public sealed record SlotEncoding(ValueEncoding Values, ImmutableArray<string> Companions)
{
    /// <summary>Other names of each of them, in their order; empty where none has any.</summary>
    public ImmutableArray<ImmutableArray<string>> CompanionAliases { get; init; } = [];

    /// <summary>Two are equal when all that they say is.</summary>
    public bool Equals(SlotEncoding? other) => other is not null && Values == other.Values && Sequences.Same(Companions, other.Companions)
        && CompanionAliases.Length == other.CompanionAliases.Length && CompanionAliases.Zip(other.CompanionAliases).All(both => Sequences.Same(both.First, both.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    /// <summary>The encoding of a use; null where elements are stored as they are.</summary>
    internal static SlotEncoding? Of(TensorUse use) =>
        use.Encoding.Declared is not { } declared ? null : new(declared, [.. use.Companions.Select(companion => companion.Name)])
        {
            CompanionAliases = use.Companions.Any(companion => companion.HasSeveralNames) ? [.. use.Companions.Select(companion => ImmutableArray.CreateRange(companion.SecondNames))] : [],
        };

    internal TensorEncoding ToTensorEncoding() => new(Values);

    /// <summary>Why elements of a shape cannot be stored like this, or null.</summary>
    internal string? Fault(ImmutableArray<long> shape) =>
        Companions.IsDefault || Companions.Length != Values.Companions.Length ? $"{Values.Name} has {Values.Companions.Length} companions, not {(Companions.IsDefault ? 0 : Companions.Length)}"
        : CompanionAliases.IsDefault || CompanionAliases.Any(names => names.IsDefault) || (!CompanionAliases.IsEmpty && CompanionAliases.Length != Companions.Length) ? $"{Values.Name} has {Companions.Length} companions, and not as many with other names"
        : EncodingFaults.Of(Values) ?? ToTensorEncoding().Fault(shape)?.TrimEnd('.');
}
