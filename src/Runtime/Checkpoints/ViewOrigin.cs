using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>Of which tensor of which checkpoint a tensor is a view: known of those whose file says what they are to a model, for its shape does not.</summary>
/// <param name="Checkpoint">The checkpoint; it may have been disposed.</param>
/// <param name="Stored">The tensor.</param>
internal sealed record ViewOrigin(Checkpoint Checkpoint, CheckpointTensor Stored)
{
    private static readonly ConditionalWeakTable<Tensor, ViewOrigin> Known = [];

    /// <summary>Remembers it as long as the view lives.</summary>
    public static void Remember(Tensor view, Checkpoint checkpoint, CheckpointTensor stored, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Keys.Any(static key => key.StartsWith(Checkpoint.ReservedKeys, StringComparison.Ordinal)))
        {
            Known.AddOrUpdate(view, new ViewOrigin(checkpoint, stored));
        }
    }

    /// <summary>Where a view is from; null where nobody knows.</summary>
    public static ViewOrigin? Of(Tensor view) => Known.TryGetValue(view, out ViewOrigin? origin) ? origin : null;
}
