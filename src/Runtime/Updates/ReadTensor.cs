using System.Runtime.InteropServices;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A tensor in a file that is read.</summary>
/// <inheritdoc path="/param"/>
internal sealed unsafe class ReadTensor(WeightUpdate update, CheckpointReads reads, CheckpointTensor stored, PlacedTensor place) : TensorSource(place, update.Writer.Shadowed(place))
{
    private readonly StoredType _type = StoredType.Of(stored.DType);
    private nint _held;

    public CheckpointTensor Stored => stored;

    /// <summary>The files.</summary>
    public CheckpointReads Reads => reads;

    public override torch.ScalarType Type => _type.Scalar;

    public override long Bytes => stored.Length;

    public override void Locate()
    {
    }

    /// <summary>Tells where it lies, as it is in the file, until it is written.</summary>
    public void Hold(nint address)
    {
        _held = stored.Length > 0 ? address : 0;
        Address = _type.Blocks is null ? _held : 0;
    }

    /// <summary>What is to be read where it is no more than a copy; null where it is.</summary>
    public List<ReadPiece>? Pieces() => _type.Blocks is null && stored.Length > 0 && update.Writer.CopiesOf(Place, Type) is { } copies ? ReadPiece.Of(reads, stored, copies) : null;

    public override int Write()
    {
        using var room = _held == 0 ? reads.Room(stored.Length) : null;
        using var whole = _held == 0 ? reads.Whole(stored) : Copied();
        return update.Writer.Write(Place, whole, _type, lasting: true);
    }

    private torch.Tensor Copied()
    {
        var copy = _type.Blocks is null ? torch.empty([.. stored.Shape], stored.DType.ToScalarType()) : torch.empty(stored.Length, torch.ScalarType.Byte);
        NativeMemory.Copy((void*)_held, (void*)TensorAddress.First(copy), (nuint)stored.Length);
        return copy;
    }
}
