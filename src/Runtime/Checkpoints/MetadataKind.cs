namespace Lanyard.Checkpoints;

/// <summary>The types that a value of GGUF metadata may have, with the numbers that files give them.</summary>
public enum MetadataKind
{
    /// <summary>Unsigned, 8 bits.</summary>
    U8 = 0,

    /// <summary>Signed, 8 bits.</summary>
    I8 = 1,

    /// <summary>Unsigned, 16 bits.</summary>
    U16 = 2,

    /// <summary>Signed, 16 bits.</summary>
    I16 = 3,

    /// <summary>Unsigned, 32 bits.</summary>
    U32 = 4,

    /// <summary>Signed, 32 bits.</summary>
    I32 = 5,

    /// <summary>IEEE 754 single precision.</summary>
    F32 = 6,

    /// <summary>A truth value.</summary>
    Boolean = 7,

    /// <summary>A text.</summary>
    Text = 8,

    /// <summary>Values of one type, one after another; arrays among them.</summary>
    Array = 9,

    /// <summary>Unsigned, 64 bits.</summary>
    U64 = 10,

    /// <summary>Signed, 64 bits.</summary>
    I64 = 11,

    /// <summary>IEEE 754 double precision.</summary>
    F64 = 12,
}
