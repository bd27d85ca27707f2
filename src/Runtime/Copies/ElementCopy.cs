using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Copies;

/// <summary>The element copies that are done here; TorchSharp does all others.</summary>
internal enum ElementCopy
{
    Bytes1,
    Bytes2,
    Bytes4,
    Bytes8,
    BFloat16ToSingle,
    HalfToSingle,
}

internal static class ElementCopies
{
    /// <summary>The copy for a pair of types, or null.</summary>
    public static ElementCopy? Of(torch.ScalarType from, torch.ScalarType to)
    {
        if ((from, to) == (torch.ScalarType.BFloat16, torch.ScalarType.Float32)) return ElementCopy.BFloat16ToSingle;
        if ((from, to) == (torch.ScalarType.Float16, torch.ScalarType.Float32)) return ElementCopy.HalfToSingle;

        // Equal types are copied as bits of their size: a NaN stays as it is, and types that TorchSharp cannot name need no more.
        if (from != to || !CheckpointTypes.TryFromScalarType(from, out var type)) return null;
        return type.Size() switch
        {
            1 => ElementCopy.Bytes1,
            2 => ElementCopy.Bytes2,
            4 => ElementCopy.Bytes4,
            8 => ElementCopy.Bytes8,
            _ => null,
        };
    }

    /// <summary>The bytes of an element that is read.</summary>
    public static int FromSize(this ElementCopy copy) => copy switch
    {
        ElementCopy.Bytes1 => 1,
        ElementCopy.Bytes2 or ElementCopy.BFloat16ToSingle or ElementCopy.HalfToSingle => 2,
        ElementCopy.Bytes4 => 4,
        _ => 8,
    };

    /// <summary>The bytes of an element that is written.</summary>
    public static int ToSize(this ElementCopy copy) => copy is ElementCopy.BFloat16ToSingle or ElementCopy.HalfToSingle ? 4 : copy.FromSize();
}
