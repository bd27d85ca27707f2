namespace Lanyard.Published;

/// <summary>
/// NVFP4 as ModelOpt stores it: FP8 scales of 16 columns, which a second scale of the tensor multiplies, in float32, before the code.
/// Published: nvidia/*-NVFP4. Source: ModelOpt 0.47.
/// </summary>
[Codes("weight", CodeType.E2M1, Bits = 4, Word = 8)]
[Companion("scale", "weight_scale", "1 16")]
[Companion("scale_2", "weight_scale_2", "")]
[Value("code * (scale * scale_2)")]
[Unread("input_scale")]
public static class Nvfp4ModelOpt;
