namespace Lanyard.Checkpoints;

/// <summary>The numbers that GGUF files give to element types.</summary>
internal static class GgufTypes
{
    /// <summary>The type of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="type">The type, if there is one.</param>
    /// <returns>False for numbers that mean nothing, or no longer, or not the same to all: 9, Q8_1, has 36 bytes to some and 40 to others.</returns>
    public static bool TryFind(uint number, out CheckpointType type)
    {
        (bool known, type) = number switch
        {
            0 => (true, CheckpointType.F32),
            1 => (true, CheckpointType.F16),
            2 => (true, CheckpointType.Q4_0),
            3 => (true, CheckpointType.Q4_1),
            6 => (true, CheckpointType.Q5_0),
            7 => (true, CheckpointType.Q5_1),
            8 => (true, CheckpointType.Q8_0),
            10 => (true, CheckpointType.Q2_K),
            11 => (true, CheckpointType.Q3_K),
            12 => (true, CheckpointType.Q4_K),
            13 => (true, CheckpointType.Q5_K),
            14 => (true, CheckpointType.Q6_K),
            15 => (true, CheckpointType.Q8_K),
            16 => (true, CheckpointType.IQ2_XXS),
            17 => (true, CheckpointType.IQ2_XS),
            18 => (true, CheckpointType.IQ3_XXS),
            19 => (true, CheckpointType.IQ1_S),
            20 => (true, CheckpointType.IQ4_NL),
            21 => (true, CheckpointType.IQ3_S),
            22 => (true, CheckpointType.IQ2_S),
            23 => (true, CheckpointType.IQ4_XS),
            24 => (true, CheckpointType.I8),
            25 => (true, CheckpointType.I16),
            26 => (true, CheckpointType.I32),
            27 => (true, CheckpointType.I64),
            28 => (true, CheckpointType.F64),
            29 => (true, CheckpointType.IQ1_M),
            30 => (true, CheckpointType.BF16),
            34 => (true, CheckpointType.TQ1_0),
            35 => (true, CheckpointType.TQ2_0),
            39 => (true, CheckpointType.MXFP4),
            40 => (true, CheckpointType.NVFP4),
            _ => (false, default),
        };
        return known;
    }
}
