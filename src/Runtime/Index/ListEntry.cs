using System.Collections.Immutable;
using Lanyard.Maps;

namespace Lanyard.Index;

/// <summary>A list in a tree of modules of which other processes have more items.</summary>
/// <param name="Parent">The position of its parent among the places below the root; negative below the root itself.</param>
/// <param name="Place">Where it is below its parent.</param>
/// <param name="Held">The numbers of the items that are here, in their order.</param>
/// <param name="Total">How many there are.</param>
internal sealed record ListEntry(int Parent, ChildPlace Place, ImmutableArray<int> Held, int Total);
