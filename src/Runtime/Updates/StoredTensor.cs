using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor in a checkpoint.</summary>
/// <inheritdoc path="/param"/>
internal sealed class StoredTensor(WeightUpdate update, Checkpoint checkpoint, CheckpointMappings mappings, CheckpointTensor stored, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    private readonly StoredType _type = StoredType.Of(stored.DType);

    public override torch.ScalarType Type => _type.Scalar;

    public override long Bytes => stored.Length;

    public override void Locate() => Address = stored.Length > 0 && _type.Blocks is null ? mappings.Address(stored) : 0;

    public override bool MayMap => update.Writer.Maps;

    public override bool TryMap() => update.Writer.TryMap(Place, stored, mappings);

    public override int Write()
    {
        using var view = checkpoint.ViewStored(stored);
        return update.Writer.Write(Place, view, _type, lasting: true);
    }
}
