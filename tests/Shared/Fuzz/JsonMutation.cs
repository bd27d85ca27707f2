using CsCheck;

namespace Lanyard.Tests.Fuzz;

/// <summary>One change of a JSON text.</summary>
/// <param name="Change">What is done.</param>
/// <param name="Where">To which value, counted round and round.</param>
/// <param name="How">By how much, or with which other value.</param>
/// <param name="Raw">The new text, as it stands in the file; it need not be JSON.</param>
internal sealed record JsonMutation(JsonChange Change, uint Where, uint How, string Raw)
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "-0", "2", "3", "7", "64", "1.0", "0.5", "1e0", "1e2", "1E400", "-1e400", "1e-400", "00", "01", "0x1", "+1", ".5", "NaN", "Infinity",
        "255", "256", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "-2147483648", "9007199254740993", "4611686018427387904",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", new string('9', 400),
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "{\"\":{}}", "[0]", "[0,0]", "[1,2,3]", "[0,9223372036854775807]", "[4294967296,4294967296]",
        "[9223372036854775807,0,9223372036854775807]", "[" + string.Join(',', Enumerable.Repeat("1", 100)) + "]", "", ",", "}", "//", "\u0000", "\ufeff",
        new string('[', 200), new string('[', 200) + new string(']', 200),
    ];

    private static readonly string[] Texts =
    [
        "", "x", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\ud83d\\ude00", "\u00e9", "e\u0301", "\U0001F600", "\\n", "\\", "\\q", "\n", "\u202e", "\ufffe",
        "..", ".", "../model.safetensors", "a/b", "a\\\\b", "C:", "/dev/zero", "nul", "~", "*", "model.safetensors", "model.safetensors.index.json",
        "__metadata__", "weight_map", "dtype", "shape", "data_offsets", "lanyard.slices", "F32", "f32", "F64", "F16", "BF16", "I8", "U8", "I64", "U64", "BOOL",
        "F8_E4M3", "F8_E8M0", "F4", "C64", "norm.weight", "layers.0.self_attn.q_proj.weight", "layers.99999999999999999999.self_attn.q_proj.weight",
        "layers.0.mlp.experts.0.gate_proj.weight", "vision_model.x", "language_model.norm.weight", "llama3", "default", "llama4", "llama4_text", "full_attention",
        new string('a', 300), new string('\u00e9', 5000),
    ];

    /// <summary>Any change.</summary>
    public static Gen<JsonMutation> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Frequency(
            (5, CsCheck.Gen.Const(JsonChange.Replace)), (2, CsCheck.Gen.Const(JsonChange.Rename)), (4, CsCheck.Gen.Const(JsonChange.Nudge)),
            (1, CsCheck.Gen.Const(JsonChange.Remove)), (1, CsCheck.Gen.Const(JsonChange.Repeat)), (1, CsCheck.Gen.Const(JsonChange.Swap)),
            (1, CsCheck.Gen.Const(JsonChange.Wrap))),
        CsCheck.Gen.UInt[0, 1 << 16],
        CsCheck.Gen.UInt[0, 1 << 16],
        CsCheck.Gen.OneOf(
            OneOf(Numbers), OneOf(Others), OneOf(Texts).Select(text => $"\"{text}\""),
            CsCheck.Gen.String[0, 10].Select(text => $"\"{text}\"")),
        (change, where, how, raw) => new JsonMutation(change, where, how, raw));

    private static Gen<string> OneOf(string[] texts) => CsCheck.Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
