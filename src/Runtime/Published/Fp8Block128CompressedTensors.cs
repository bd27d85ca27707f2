namespace Lanyard.Published;

/// <summary>
/// FP8 with a scale for each block of 128 by 128: compressed-tensors' float-quantized with strategy block.
/// Published: RedHatAI/*-FP8-block. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale", "128 128")]
[Value("code * scale")]
[Unread("input_scale")]
public static class Fp8Block128CompressedTensors;
