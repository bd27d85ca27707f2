using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>Of which tensor of which checkpoint a tensor is a view: known where the checkpoint may say more of it than its shape and type do.</summary>
/// <param name="Checkpoint">The checkpoint; it may have been disposed.</param>
/// <param name="Stored">The tensor.</param>
internal sealed record ViewOrigin(Checkpoint Checkpoint, CheckpointTensor Stored)
{
    private static readonly ConditionalWeakTable<Tensor, ViewOrigin> Known = [];

    /// <summary>Remembers it as long as the view lives.</summary>
    public static void Remember(Tensor view, Checkpoint checkpoint, CheckpointTensor stored)
    {
        // Of most nobody asks: whole tensors of numbers.
        bool isCode = stored.DType is not (CheckpointType.F64 or CheckpointType.F32 or CheckpointType.F16 or CheckpointType.BF16);
        if ((isCode && checkpoint.IsConfigured(stored)) || checkpoint.MetadataOf(stored).Keys.Any(static key => key.StartsWith(Checkpoint.ReservedKeys, StringComparison.Ordinal)))
        {
            Known.AddOrUpdate(view, new ViewOrigin(checkpoint, stored));
        }
    }

    /// <summary>Where a view is from; null where nobody knows.</summary>
    public static ViewOrigin? Of(Tensor view) => Known.TryGetValue(view, out ViewOrigin? origin) ? origin : null;
}
