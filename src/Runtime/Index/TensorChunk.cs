using System.Collections.Immutable;

namespace Lanyard.Index;

/// <summary>A chunk of a tensor that is put together before anything is written of it.</summary>
/// <param name="Start">Where the chunk begins, one index for each axis.</param>
/// <param name="Room">A shape that holds the tensor.</param>
/// <param name="Whole">The shape of the tensor, where this is the last of its chunks; else null.</param>
internal sealed record TensorChunk(ImmutableArray<long> Start, ImmutableArray<long> Room, ImmutableArray<long>? Whole);
