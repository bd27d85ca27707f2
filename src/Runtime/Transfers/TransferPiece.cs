using Lanyard.Copies;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Transfers;

/// <summary>Elements of a run that are in one chunk of a message.</summary>
/// <param name="Unit">The parameter.</param>
/// <param name="Run">What of the run the chunk has.</param>
/// <param name="Position">Where it begins in the chunk, in bytes.</param>
internal sealed record TransferPiece(TransferUnit Unit, TransferRun Run, long Position)
{
    /// <summary>The type in which the elements are sent.</summary>
    public torch.ScalarType Type => Unit.Group.TypeOf(Run);

    /// <summary>The bytes in the chunk.</summary>
    public long Bytes => Unit.Group.BytesOf(Run);

    /// <summary>Copies the elements from a parameter into the chunk.</summary>
    /// <param name="source">The parameter, contiguous.</param>
    /// <param name="chunk">Where the chunk begins.</param>
    public unsafe void Pack(torch.Tensor source, nint chunk)
    {
        var region = new StridedCopy(Run.Sizes, Run.SourceOffset, Run.SourceStrides, 0, Shapes.Strides(Run.Sizes));
        var address = TensorAddress.Reach(source);
        if (address != 0 && ElementCopies.Of(source.dtype, Type) is { } elements)
        {
            Copy(address, chunk + (nint)Position, region, elements);
            GC.KeepAlive(source);
            return;
        }
        using var packed = torch.empty([Run.Count], Type);
        SlotCopy.Run(source, packed, region);
        Buffer.MemoryCopy((void*)TensorAddress.Of(packed), (void*)(chunk + (nint)Position), Bytes, Bytes);
    }

    /// <summary>Copies the elements from the chunk into a parameter.</summary>
    /// <param name="target">The parameter, contiguous.</param>
    /// <param name="address">The address from which its elements can be reached, or zero.</param>
    /// <param name="chunk">Where the chunk begins.</param>
    public unsafe void Unpack(torch.Tensor target, nint address, nint chunk)
    {
        var region = new StridedCopy(Run.Sizes, 0, Shapes.Strides(Run.Sizes), Run.TargetOffset, Run.TargetStrides);
        if (address != 0 && ElementCopies.Of(Type, target.dtype) is { } elements)
        {
            Copy(chunk + (nint)Position, address, region, elements);
            GC.KeepAlive(target);
            return;
        }
        using var packed = torch.empty([Run.Count], Type);
        Buffer.MemoryCopy((void*)(chunk + (nint)Position), (void*)TensorAddress.Of(packed), Bytes, Bytes);
        SlotCopy.Run(packed, target, region);
    }

    private static void Copy(nint from, nint to, in StridedCopy region, ElementCopy elements)
    {
        if (region.Count * elements.ToSize() <= CopyBatch.PieceBytes)
        {
            CopyBatch.Copy(from, to, region, elements);
            return;
        }
        var batch = new CopyBatch();
        batch.Add(from, to, region, elements);
        batch.Run();
    }
}
