namespace Lanyard.Published;

/// <summary>
/// MXFP4 with an axis of its own for the 16 bytes of a block.
/// Published: openai/gpt-oss-20b and 120b, <c>gate_up_proj_blocks</c> and <c>gate_up_proj_scales</c>. Source: OCP Microscaling Formats specification 1.0; transformers 5.23.
/// </summary>
[Codes("_blocks", CodeType.E2M1, Bits = 4, Word = 8, Block = 32)]
[Companion("scale", "_scales", "1 32", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Mxfp4GptOss;
