using Lanyard.Checkpoints;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The files of a checkpoint, mapped for one load: what is written to these mappings is seen by nobody else.</summary>
/// <param name="checkpoint">The checkpoint; it stays open meanwhile.</param>
internal sealed class CheckpointMappings(Checkpoint checkpoint) : StoredFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string File, CheckpointType Type), torch.Tensor> _mappings = [];
    private readonly Dictionary<string, nint> _addresses = new(StringComparer.Ordinal);

    public override bool IsOwn => false;

    public override TensorSource Source(WeightUpdate update, CheckpointTensor stored, PlacedTensor place) => new StoredTensor(update, this, stored, place);

    public override torch.Tensor Whole(CheckpointTensor stored) => checkpoint.ViewStored(stored);

    /// <summary>The address of a tensor's first byte; it need not be a multiple of the element size. It holds until this is disposed, whatever becomes of the checkpoint.</summary>
    /// <param name="tensor">A tensor of the checkpoint with elements.</param>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be mapped.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public nint Address(CheckpointTensor tensor)
    {
        // Its file and offset are those of a piece.
        if (!tensor.Pieces.IsEmpty) throw new ArgumentException($"{tensor} has no address of its own.", nameof(tensor));
        lock (_lock)
        {
            if (!_addresses.TryGetValue(tensor.File, out var address)) _addresses.Add(tensor.File, address = TensorAddress.Of(Mapping(tensor, CheckpointType.U8)));
            return address + (nint)tensor.Offset;
        }
    }

    /// <summary>Elements of a tensor in the mapped file, for the caller to dispose; null where they do not begin at a multiple of the element size.</summary>
    /// <param name="tensor">A tensor of the checkpoint.</param>
    /// <param name="first">The first element.</param>
    /// <param name="shape">The shape to give to it and those after it.</param>
    /// <inheritdoc cref="Address" path="/exception"/>
    public torch.Tensor? View(CheckpointTensor tensor, long first, long[] shape)
    {
        var size = tensor.DType.Size();
        if (tensor.Offset % size != 0) return null;
        using var elements = Mapping(tensor, tensor.DType).narrow(0, (tensor.Offset / size) + first, shape.Aggregate(1L, (count, axis) => count * axis));
        return elements.view(shape);
    }

    public override void Dispose()
    {
        foreach (var mapping in _mappings.Values) mapping.Dispose();
        _mappings.Clear();
    }

    private torch.Tensor Mapping(CheckpointTensor tensor, CheckpointType type)
    {
        lock (_lock)
        {
            if (!_mappings.TryGetValue((tensor.File, type), out var mapping)) _mappings.Add((tensor.File, type), mapping = checkpoint.Map(tensor, type));
            return mapping;
        }
    }
}
