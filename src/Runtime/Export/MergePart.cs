using Lanyard.Checkpoints;
using Lanyard.Parts;

namespace Lanyard.Export;

/// <summary>What one rank has of a tensor that is merged.</summary>
/// <param name="Checkpoint">The rank's checkpoint.</param>
/// <param name="Stored">The rank's tensor.</param>
/// <param name="Slice">Which elements it has; null where it has all.</param>
internal sealed record MergePart(Checkpoint Checkpoint, CheckpointTensor Stored, TensorSlice? Slice);
