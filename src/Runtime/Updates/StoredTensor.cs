using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor in a checkpoint.</summary>
/// <inheritdoc path="/param"/>
internal sealed class StoredTensor(WeightUpdate update, Checkpoint checkpoint, CheckpointMappings mappings, CheckpointTensor stored, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    public override torch.ScalarType Type => StoredType.Of(stored.DType).Scalar;

    public override long Bytes => stored.Length;

    public override void Locate() => Address = stored.Length > 0 ? mappings.Address(stored) : 0;

    public override bool MayMap => update.Writer.Maps;

    public override bool TryMap() => update.Writer.TryMap(Place, stored, mappings);

    public override int Write()
    {
        using var view = checkpoint.View(stored);
        return update.Writer.Write(Place, view, lasting: true);
    }
}
