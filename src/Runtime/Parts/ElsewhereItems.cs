using System.Collections.Immutable;

namespace Lanyard.Parts;

/// <summary>Items of a list that only other processes have.</summary>
/// <param name="Path">What stands before their numbers.</param>
/// <param name="Numbers">Their numbers.</param>
/// <param name="Names">The names of the tensors of such an item, below it; none where nothing like it was written.</param>
internal sealed record ElsewhereItems(string Path, ImmutableArray<int> Numbers, ImmutableArray<string> Names);
