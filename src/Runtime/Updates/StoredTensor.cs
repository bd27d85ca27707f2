using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor in a mapped file.</summary>
/// <inheritdoc path="/param"/>
internal sealed class StoredTensor(WeightUpdate update, CheckpointMappings mappings, CheckpointTensor stored, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    private readonly StoredType _type = StoredType.Of(stored.DType);

    public override torch.ScalarType Type => _type.Scalar;

    public override long Bytes => stored.Length;

    public override void Locate() => Address = stored.Length > 0 && _type.Blocks is null ? mappings.Address(stored) : 0;

    public override bool MayMap => update.Writer.Maps;

    public override bool TryMap() => update.Writer.TryMap(Place, stored, mappings);

    public override int Write()
    {
        // What waits for others is copied: nobody looks at the file any more when they come.
        using var view = mappings.Whole(stored);
        return update.Writer.Write(Place, view, _type);
    }
}
