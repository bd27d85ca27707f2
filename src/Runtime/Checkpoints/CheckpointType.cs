namespace Lanyard.Checkpoints;

/// <summary>
/// The element types of the safetensors format, and after them the types of GGUF whose elements come in
/// blocks. The order of the first is that of the reference implementation, which lays tensors out by descending order; the names are
/// the formats' own.
/// </summary>
public enum CheckpointType
{
    /// <summary>A truth value in one byte.</summary>
    BOOL,

    /// <summary>Floating point, 4 bits: 2 of exponent, 1 of mantissa. Two share a byte.</summary>
    F4,

    /// <summary>Floating point, 6 bits: 2 of exponent, 3 of mantissa. Four share three bytes.</summary>
    F6_E2M3,

    /// <summary>Floating point, 6 bits: 3 of exponent, 2 of mantissa. Four share three bytes.</summary>
    F6_E3M2,

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

    /// <summary>A complex number: two <see cref="F32"/>.</summary>
    C64,

    /// <summary>IEEE 754 double precision.</summary>
    F64,

    /// <summary>Signed, 64 bits.</summary>
    I64,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,

    /// <summary>32 elements, 4 bits each, and a scale.</summary>
    Q4_0,

    /// <summary>32 elements, 4 bits each, a scale and a minimum.</summary>
    Q4_1,

    /// <summary>32 elements, 5 bits each, and a scale.</summary>
    Q5_0,

    /// <summary>32 elements, 5 bits each, a scale and a minimum.</summary>
    Q5_1,

    /// <summary>32 elements, 8 bits each, and a scale.</summary>
    Q8_0,

    /// <summary>256 elements, 2 bits each, a scale and a minimum for each 16.</summary>
    Q2_K,

    /// <summary>256 elements, 3 bits each, a scale for each 16.</summary>
    Q3_K,

    /// <summary>256 elements, 4 bits each, a scale and a minimum for each 32.</summary>
    Q4_K,

    /// <summary>256 elements, 5 bits each, a scale and a minimum for each 32.</summary>
    Q5_K,

    /// <summary>256 elements, 6 bits each, a scale for each 16.</summary>
    Q6_K,

    /// <summary>256 elements, 8 bits each, a scale and sums. Not decoded: it is for sums of products, and no file should have it.</summary>
    Q8_K,

    /// <summary>256 elements by tables, 2.06 bits each. Not decoded.</summary>
    IQ2_XXS,

    /// <summary>256 elements by tables, 2.31 bits each. Not decoded.</summary>
    IQ2_XS,

    /// <summary>256 elements by tables, 3.06 bits each. Not decoded.</summary>
    IQ3_XXS,

    /// <summary>256 elements by tables, 1.56 bits each. Not decoded.</summary>
    IQ1_S,

    /// <summary>32 elements, 4 bits each that index a table, and a scale.</summary>
    IQ4_NL,

    /// <summary>256 elements by tables, 3.44 bits each. Not decoded.</summary>
    IQ3_S,

    /// <summary>256 elements by tables, 2.56 bits each. Not decoded.</summary>
    IQ2_S,

    /// <summary>256 elements, 4 bits each that index a table, a scale for each 32.</summary>
    IQ4_XS,

    /// <summary>256 elements by tables, 1.75 bits each. Not decoded.</summary>
    IQ1_M,

    /// <summary>256 elements of three values, five in a byte, and a scale.</summary>
    TQ1_0,

    /// <summary>256 elements of three values, four in a byte, and a scale.</summary>
    TQ2_0,

    /// <summary>32 elements, 4 bits of floating point each, and an exponent. Not that of safetensors files: the halves of a byte are 16 elements apart.</summary>
    MXFP4,

    /// <summary>64 elements, 4 bits of floating point each, a scale for each 16.</summary>
    NVFP4,
}
