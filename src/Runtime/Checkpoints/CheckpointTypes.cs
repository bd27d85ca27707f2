using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>What is known of each <see cref="CheckpointType"/>: its size, its name in files, its TorchSharp type if it has one.</summary>
public static class CheckpointTypes
{
    // TorchSharp's ScalarType ends at BFloat16, but passes any number on to libtorch. These are libtorch's own numbers
    // (c10::ScalarType); the tests check what each one stores.
    private const sbyte Float8E5M2 = 23;
    private const sbyte Float8E4M3Fn = 24;
    private const sbyte Float8E5M2Fnuz = 25;
    private const sbyte Float8E4M3Fnuz = 26;
    private const sbyte UInt16 = 27;
    private const sbyte UInt32 = 28;
    private const sbyte UInt64 = 29;
    private const sbyte Float8E8M0Fnu = 44;

    /// <summary>The size of one element.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>The size in bytes: 1, 2, 4 or 8.</returns>
    /// <exception cref="NotSupportedException">Several elements are stored together, and none has bytes of its own.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static int Size(this CheckpointType type) =>
        type.IsBlocks() ? throw new NotSupportedException($"{type} has no size of one element: {type.BlockElements()} are stored together in {type.BlockBytes()} bytes.") : type.BlockBytes();

    /// <summary>Whether several elements are stored together: in blocks of GGUF, which share a scale, or since they are narrower than a byte.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static bool IsBlocks(this CheckpointType type) => type.BlockElements() > 1;

    /// <summary>Whether a tensor of TorchSharp can be made of the elements: not where several are stored together, nor of complex numbers. Their bytes can be read.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static bool IsViewable(this CheckpointType type) => !type.IsBlocks() && type != CheckpointType.C64;

    /// <summary>How many elements, along the last axis of blocks, are stored together; 1 where each has bytes of its own.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static int BlockElements(this CheckpointType type) => type switch
    {
        CheckpointType.F4 => 2,
        CheckpointType.F6_E2M3 or CheckpointType.F6_E3M2 => 4,
        >= CheckpointType.BOOL and <= CheckpointType.U64 => 1,
        CheckpointType.Q4_0 or CheckpointType.Q4_1 or CheckpointType.Q5_0 or CheckpointType.Q5_1 or CheckpointType.Q8_0 => 32,
        CheckpointType.IQ4_NL or CheckpointType.MXFP4 => 32,
        CheckpointType.NVFP4 => 64,
        > CheckpointType.U64 and < CheckpointType.MXFP4 => 256,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The size of what is stored together: of a block, or of one element.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static int BlockBytes(this CheckpointType type) => type switch
    {
        CheckpointType.BOOL or CheckpointType.U8 or CheckpointType.I8 or CheckpointType.F4 => 1,
        CheckpointType.F8_E5M2 or CheckpointType.F8_E4M3 or CheckpointType.F8_E8M0 => 1,
        CheckpointType.F8_E4M3FNUZ or CheckpointType.F8_E5M2FNUZ => 1,
        CheckpointType.I16 or CheckpointType.U16 or CheckpointType.F16 or CheckpointType.BF16 => 2,
        CheckpointType.I32 or CheckpointType.U32 or CheckpointType.F32 => 4,
        CheckpointType.F6_E2M3 or CheckpointType.F6_E3M2 => 3,
        CheckpointType.F64 or CheckpointType.I64 or CheckpointType.U64 or CheckpointType.C64 => 8,
        CheckpointType.Q4_0 or CheckpointType.IQ4_NL => 18,
        CheckpointType.Q4_1 => 20,
        CheckpointType.Q5_0 => 22,
        CheckpointType.Q5_1 => 24,
        CheckpointType.Q8_0 => 34,
        CheckpointType.Q2_K => 84,
        CheckpointType.Q3_K or CheckpointType.IQ3_S => 110,
        CheckpointType.Q4_K => 144,
        CheckpointType.Q5_K => 176,
        CheckpointType.Q6_K => 210,
        CheckpointType.Q8_K => 292,
        CheckpointType.IQ2_XXS or CheckpointType.TQ2_0 => 66,
        CheckpointType.IQ2_XS => 74,
        CheckpointType.IQ3_XXS => 98,
        CheckpointType.IQ1_S => 50,
        CheckpointType.IQ2_S => 82,
        CheckpointType.IQ4_XS => 136,
        CheckpointType.IQ1_M => 56,
        CheckpointType.TQ1_0 => 54,
        CheckpointType.MXFP4 => 17,
        CheckpointType.NVFP4 => 36,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Whether the elements are floating-point numbers of any width, or stand for them in blocks.</summary>
    /// <param name="type">The element type.</param>
    public static bool IsFloatingPoint(this CheckpointType type) => type is
        > CheckpointType.U64 or CheckpointType.F64 or CheckpointType.F32 or CheckpointType.F16 or CheckpointType.BF16
        or CheckpointType.F8_E4M3 or CheckpointType.F8_E5M2 or CheckpointType.F8_E8M0
        or CheckpointType.F8_E4M3FNUZ or CheckpointType.F8_E5M2FNUZ
        or CheckpointType.F4 or CheckpointType.F6_E2M3 or CheckpointType.F6_E3M2;

    /// <summary>The name that files use, such as <c>BF16</c>; of blocks, the name that GGUF has for them.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static string Text(this CheckpointType type) => type switch
    {
        CheckpointType.BOOL => "BOOL",
        CheckpointType.F4 => "F4",
        CheckpointType.F6_E2M3 => "F6_E2M3",
        CheckpointType.F6_E3M2 => "F6_E3M2",
        CheckpointType.U8 => "U8",
        CheckpointType.I8 => "I8",
        CheckpointType.F8_E5M2 => "F8_E5M2",
        CheckpointType.F8_E4M3 => "F8_E4M3",
        CheckpointType.F8_E8M0 => "F8_E8M0",
        CheckpointType.F8_E4M3FNUZ => "F8_E4M3FNUZ",
        CheckpointType.F8_E5M2FNUZ => "F8_E5M2FNUZ",
        CheckpointType.I16 => "I16",
        CheckpointType.U16 => "U16",
        CheckpointType.F16 => "F16",
        CheckpointType.BF16 => "BF16",
        CheckpointType.I32 => "I32",
        CheckpointType.U32 => "U32",
        CheckpointType.F32 => "F32",
        CheckpointType.C64 => "C64",
        CheckpointType.F64 => "F64",
        CheckpointType.I64 => "I64",
        CheckpointType.U64 => "U64",
        _ when Enum.IsDefined(type) => $"{type}",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Reads the name that safetensors files use. Case matters.</summary>
    /// <param name="text">The name, such as <c>BF16</c>.</param>
    /// <param name="type">The element type, if the name is one.</param>
    /// <returns>False if no element type has that name.</returns>
    public static bool TryParse(string? text, out CheckpointType type)
    {
        (bool known, type) = text switch
        {
            "BOOL" => (true, CheckpointType.BOOL),
            "F4" => (true, CheckpointType.F4),
            "F6_E2M3" => (true, CheckpointType.F6_E2M3),
            "F6_E3M2" => (true, CheckpointType.F6_E3M2),
            "U8" => (true, CheckpointType.U8),
            "I8" => (true, CheckpointType.I8),
            "F8_E5M2" => (true, CheckpointType.F8_E5M2),
            "F8_E4M3" => (true, CheckpointType.F8_E4M3),
            "F8_E8M0" => (true, CheckpointType.F8_E8M0),
            "F8_E4M3FNUZ" => (true, CheckpointType.F8_E4M3FNUZ),
            "F8_E5M2FNUZ" => (true, CheckpointType.F8_E5M2FNUZ),
            "I16" => (true, CheckpointType.I16),
            "U16" => (true, CheckpointType.U16),
            "F16" => (true, CheckpointType.F16),
            "BF16" => (true, CheckpointType.BF16),
            "I32" => (true, CheckpointType.I32),
            "U32" => (true, CheckpointType.U32),
            "F32" => (true, CheckpointType.F32),
            "C64" => (true, CheckpointType.C64),
            "F64" => (true, CheckpointType.F64),
            "I64" => (true, CheckpointType.I64),
            "U64" => (true, CheckpointType.U64),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>
    /// The TorchSharp element type. For the 8-bit floating-point types and U16, U32 and U64 it is a number that
    /// <see cref="ScalarType"/> does not name but libtorch knows: tensors can be created, viewed, copied and converted, but not
    /// printed or computed with.
    /// </summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="NotSupportedException">There is none: the type is not <see cref="IsViewable"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a member of the enumeration.</exception>
    public static ScalarType ToScalarType(this CheckpointType type) => type switch
    {
        CheckpointType.BOOL => ScalarType.Bool,
        CheckpointType.U8 => ScalarType.Byte,
        CheckpointType.I8 => ScalarType.Int8,
        CheckpointType.F8_E5M2 => (ScalarType)Float8E5M2,
        CheckpointType.F8_E4M3 => (ScalarType)Float8E4M3Fn,
        CheckpointType.F8_E8M0 => (ScalarType)Float8E8M0Fnu,
        CheckpointType.F8_E4M3FNUZ => (ScalarType)Float8E4M3Fnuz,
        CheckpointType.F8_E5M2FNUZ => (ScalarType)Float8E5M2Fnuz,
        CheckpointType.I16 => ScalarType.Int16,
        CheckpointType.U16 => (ScalarType)UInt16,
        CheckpointType.F16 => ScalarType.Float16,
        CheckpointType.BF16 => ScalarType.BFloat16,
        CheckpointType.I32 => ScalarType.Int32,
        CheckpointType.U32 => (ScalarType)UInt32,
        CheckpointType.F32 => ScalarType.Float32,
        CheckpointType.F64 => ScalarType.Float64,
        CheckpointType.I64 => ScalarType.Int64,
        CheckpointType.U64 => (ScalarType)UInt64,
        _ when !type.IsViewable() => throw new NotSupportedException($"{type} has no TorchSharp type: its elements are {(type.IsBlocks() ? "stored together" : "complex")}."),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The element type that files use for a TorchSharp element type.</summary>
    /// <param name="scalar">The TorchSharp element type, or one of libtorch's numbers that it does not name.</param>
    /// <param name="type">The element type, if there is one.</param>
    /// <returns>False for complex, quantized and sub-byte types.</returns>
    public static bool TryFromScalarType(ScalarType scalar, out CheckpointType type)
    {
        (bool known, type) = (sbyte)scalar switch
        {
            (sbyte)ScalarType.Bool => (true, CheckpointType.BOOL),
            (sbyte)ScalarType.Byte => (true, CheckpointType.U8),
            (sbyte)ScalarType.Int8 => (true, CheckpointType.I8),
            Float8E5M2 => (true, CheckpointType.F8_E5M2),
            Float8E4M3Fn => (true, CheckpointType.F8_E4M3),
            Float8E8M0Fnu => (true, CheckpointType.F8_E8M0),
            Float8E4M3Fnuz => (true, CheckpointType.F8_E4M3FNUZ),
            Float8E5M2Fnuz => (true, CheckpointType.F8_E5M2FNUZ),
            (sbyte)ScalarType.Int16 => (true, CheckpointType.I16),
            UInt16 => (true, CheckpointType.U16),
            (sbyte)ScalarType.Float16 => (true, CheckpointType.F16),
            (sbyte)ScalarType.BFloat16 => (true, CheckpointType.BF16),
            (sbyte)ScalarType.Int32 => (true, CheckpointType.I32),
            UInt32 => (true, CheckpointType.U32),
            (sbyte)ScalarType.Float32 => (true, CheckpointType.F32),
            (sbyte)ScalarType.Float64 => (true, CheckpointType.F64),
            (sbyte)ScalarType.Int64 => (true, CheckpointType.I64),
            UInt64 => (true, CheckpointType.U64),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The element type that files use for a TorchSharp element type.</summary>
    /// <param name="scalar">The TorchSharp element type, or one of libtorch's numbers that it does not name.</param>
    /// <exception cref="NotSupportedException">The type is complex, quantized or narrower than a byte.</exception>
    public static CheckpointType FromScalarType(ScalarType scalar) => TryFromScalarType(scalar, out CheckpointType type)
        ? type
        : throw new NotSupportedException($"Checkpoints cannot hold the element type {scalar}.");
}
