using System.Collections.Immutable;

namespace Lanyard.Checkpoints;

/// <summary>How large the blocks of values are that share a scale, as a configuration says.</summary>
/// <param name="Field">The field, with its value: <c>group_size 128</c>.</param>
/// <param name="Sizes">One size of groups along an axis, or two of blocks; zero is all of it.</param>
/// <param name="Bits">The bits of a code; null where nothing says.</param>
internal sealed record QuantisedBlocks(string Field, ImmutableArray<long> Sizes, long? Bits);
