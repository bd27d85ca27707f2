namespace Lanyard.Checkpoints;

/// <summary>
/// The element types of the safetensors format that fill whole bytes. The order is that of the reference implementation,
/// which lays tensors out by descending order; the names are the format's own.
/// </summary>
public enum CheckpointType
{
    /// <summary>A truth value in one byte.</summary>
    BOOL,

    /// <summary>Unsigned, 8 bits.</summary>
    U8,

    /// <summary>Signed, 8 bits.</summary>
    I8,

    /// <summary>Floating point, 8 bits: 5 of exponent, 2 of mantissa.</summary>
    F8_E5M2,

    /// <summary>Floating point, 8 bits: 4 of exponent, 3 of mantissa, no infinities.</summary>
    F8_E4M3,

    /// <summary>A power of two, 8 bits of exponent: the scale of a block in microscaling formats.</summary>
    F8_E8M0,

    /// <summary>As <see cref="F8_E4M3"/> with a bias of 8 and no negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>As <see cref="F8_E5M2"/> with a bias of 16, no infinities and no negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>Signed, 16 bits.</summary>
    I16,

    /// <summary>Unsigned, 16 bits.</summary>
    U16,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of an <see cref="F32"/>.</summary>
    BF16,

    /// <summary>Signed, 32 bits.</summary>
    I32,

    /// <summary>Unsigned, 32 bits.</summary>
    U32,

    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 double precision.</summary>
    F64,

    /// <summary>Signed, 64 bits.</summary>
    I64,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,
}
