namespace Lanyard;

/// <summary>How the elements of a checkpoint tensor are packed into what is stored.</summary>
public enum Packing
{
    /// <summary>One stored element for each element.</summary>
    None,

    /// <summary>
    /// OCP MXFP4 as gpt-oss stores it: the last axis in blocks of 32 four-bit values, two in a byte, the low half first: stored as U8
    /// <c>[..., blocks, 16]</c>, with a scale 2^(s - 127) for each block, U8 <c>[..., blocks]</c>.
    /// Source: OCP Microscaling Formats specification 1.0.
    /// </summary>
    Mxfp4,
}
