namespace Lanyard;

/// <summary>What a stored element, or some bits of one, stands for.</summary>
public enum CodeType
{
    /// <summary>The number that the element is: a float of any width, 8 bits included, or an integer, as the type of the stored tensor says.</summary>
    Number,

    /// <summary>An unsigned integer.</summary>
    UInt,

    /// <summary>A signed integer, in two's complement.</summary>
    Int,

    /// <summary>
    /// Four bits, a sign, two of exponent and one of mantissa: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives, -0 among them.
    /// Source: OCP Microscaling Formats specification 1.0.
    /// </summary>
    E2M1,

    /// <summary>
    /// Eight bits of exponent: 2^(b - 127), and NaN for 255. Stored as U8 or F8_E8M0. Source: OCP Microscaling Formats specification 1.0.
    /// </summary>
    Exponent,

    /// <summary>JSON, in bytes: the number in its field.</summary>
    Json,
}
