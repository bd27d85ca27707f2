using System.Collections.Immutable;

namespace Lanyard;

/// <summary>What one process has of a parameter.</summary>
/// <param name="Shape">Its shape there.</param>
/// <param name="Held">The indices that it holds of each axis, and a digest of the names by which checkpoints fill it, as text: two that say the same hold the same.</param>
public sealed record TransferShare(ImmutableArray<long> Shape, string Held);
