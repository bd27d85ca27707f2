namespace Lanyard.Published;

/// <summary>
/// FP8 with a scale for the tensor or for each row: compressed-tensors' float-quantized with strategy tensor or channel, and ModelOpt's FP8.
/// Published: nvidia/*-FP8, RedHatAI/*-FP8-dynamic. Source: compressed-tensors 0.20; ModelOpt 0.47.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale", "", "1 *")]
[Value("code * scale")]
[Unread("input_scale")]
public static class Fp8;
