namespace Lanyard.Published;

/// <summary>
/// NVFP4 as compressed-tensors stores it: FP8 scales of 16 columns, which the global scale divides, in float32, before they multiply the code.
/// Published: mistralai/Mistral-Small-4-119B-2603-NVFP4, RedHatAI/*-NVFP4. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.E2M1, Bits = 4, Word = 8)]
[Companion("scale", "weight_scale", "1 16")]
[Companion("scale_2", "weight_global_scale", "")]
[Value("code * (scale / scale_2)")]
[Unread("input_global_scale")]
public static class Nvfp4CompressedTensors;
