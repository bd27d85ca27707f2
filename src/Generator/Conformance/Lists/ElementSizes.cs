namespace Lanyard.Generator.Conformance.Lists;

/// <summary>How many bytes elements take, by the type names that safetensors and GGUF have.</summary>
internal static class ElementSizes
{
    /// <summary>The size of what is stored together.</summary>
    /// <param name="type">The type as listed.</param>
    /// <returns>How many elements are stored together, and in how many bytes; zeros for a type that is not known.</returns>
    public static (int Elements, int Bytes) Of(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => (1, 1),
        "I16" or "U16" or "F16" or "BF16" => (1, 2),
        "I32" or "U32" or "F32" => (1, 4),
        "I64" or "U64" or "F64" or "C64" => (1, 8),
        "F4" => (2, 1),
        "F6_E2M3" or "F6_E3M2" => (4, 3),
        "Q4_0" or "IQ4_NL" => (32, 18),
        "Q4_1" => (32, 20),
        "Q5_0" => (32, 22),
        "Q5_1" => (32, 24),
        "Q8_0" => (32, 34),
        "MXFP4" => (32, 17),
        "NVFP4" => (64, 36),
        "Q2_K" => (256, 84),
        "Q3_K" or "IQ3_S" => (256, 110),
        "Q4_K" => (256, 144),
        "Q5_K" => (256, 176),
        "Q6_K" => (256, 210),
        "Q8_K" => (256, 292),
        "IQ2_XXS" or "TQ2_0" => (256, 66),
        "IQ2_XS" => (256, 74),
        "IQ3_XXS" => (256, 98),
        "IQ1_S" => (256, 50),
        "IQ2_S" => (256, 82),
        "IQ4_XS" => (256, 136),
        "IQ1_M" => (256, 56),
        "TQ1_0" => (256, 54),
        _ => (0, 0),
    };
}
