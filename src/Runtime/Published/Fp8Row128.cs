namespace Lanyard.Published;

/// <summary>
/// FP8 with a scale for each 128 columns of a row, which multiplies although it is called inverse.
/// Published: NeMo-RL's FP8 weights. Source: DeepSeek-V3's inference code, with blocks of one row.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale_inv", "1 128")]
[Value("code * scale")]
public static class Fp8Row128;
