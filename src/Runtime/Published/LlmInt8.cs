namespace Lanyard.Published;

/// <summary>
/// LLM.int8 of bitsandbytes: the largest of each row, which a reciprocal of 127 scales after it has multiplied the code.
/// Published: files of bitsandbytes with <c>load_in_8bit</c>. Source: bitsandbytes 0.50.
/// </summary>
[Codes("weight", CodeType.Int)]
[Companion("scale", "SCB", "1 *")]
[Value("(code * scale) * 0.007874015718698502")]
public static class LlmInt8;
