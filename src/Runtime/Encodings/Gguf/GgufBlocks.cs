using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Lanyard.Checkpoints;

namespace Lanyard.Encodings.Gguf;

/// <summary>Decodes the blocks of GGUF, to the bit as the reference implementations do. What is decoded is decided by the type alone; nothing is kept.</summary>
internal static class GgufBlocks
{
    /// <summary>Whether blocks of a type are decoded.</summary>
    public static bool Decodes(CheckpointType type) => type is
        CheckpointType.Q4_0 or CheckpointType.Q4_1 or CheckpointType.Q5_0 or CheckpointType.Q5_1 or CheckpointType.Q8_0
        or CheckpointType.Q2_K or CheckpointType.Q3_K or CheckpointType.Q4_K or CheckpointType.Q5_K or CheckpointType.Q6_K
        or CheckpointType.IQ4_NL or CheckpointType.IQ4_XS or CheckpointType.MXFP4 or CheckpointType.NVFP4
        or CheckpointType.TQ1_0 or CheckpointType.TQ2_0;

    /// <summary>Decodes whole blocks.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="ushort"/> for bfloat16, to which values are rounded to nearest, ties to even.</typeparam>
    /// <param name="type">Their type.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="values">Filled: as many elements as the blocks have.</param>
    public static void Decode<T>(CheckpointType type, ReadOnlySpan<byte> blocks, Span<T> values) where T : unmanaged
    {
        var count = blocks.Length / type.BlockBytes();
        if (blocks.Length != count * type.BlockBytes() || values.Length != (long)count * type.BlockElements())
            throw new ArgumentException($"{blocks.Length} bytes of {type.Text()} are not {values.Length} elements.", nameof(values));
        if (!Vector128.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            GgufValues.Decode(type, blocks, values);
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(blocks);
        ref var to = ref MemoryMarshal.GetReference(values);
        switch (type)
        {
            case CheckpointType.Q4_0: SmallBlocks.Q4_0(ref from, ref to, count); break;
            case CheckpointType.Q4_1: SmallBlocks.Q4_1(ref from, ref to, count); break;
            case CheckpointType.Q5_0: SmallBlocks.Q5_0(ref from, ref to, count); break;
            case CheckpointType.Q5_1: SmallBlocks.Q5_1(ref from, ref to, count); break;
            case CheckpointType.Q8_0: SmallBlocks.Q8_0(ref from, ref to, count); break;
            case CheckpointType.Q2_K: SuperBlocks.Q2_K(ref from, ref to, count); break;
            case CheckpointType.Q3_K: SuperBlocks.Q3_K(ref from, ref to, count); break;
            case CheckpointType.Q4_K: SuperBlocks.Q4_K(ref from, ref to, count); break;
            case CheckpointType.Q5_K: SuperBlocks.Q5_K(ref from, ref to, count); break;
            case CheckpointType.Q6_K: SuperBlocks.Q6_K(ref from, ref to, count); break;
            case CheckpointType.IQ4_NL: TableBlocks.IQ4_NL(ref from, ref to, count); break;
            case CheckpointType.IQ4_XS: TableBlocks.IQ4_XS(ref from, ref to, count); break;
            case CheckpointType.MXFP4: TableBlocks.MXFP4(ref from, ref to, count); break;
            case CheckpointType.NVFP4: TableBlocks.NVFP4(ref from, ref to, count); break;
            case CheckpointType.TQ1_0: TernaryBlocks.TQ1_0(ref from, ref to, count); break;
            case CheckpointType.TQ2_0: TernaryBlocks.TQ2_0(ref from, ref to, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }
}
