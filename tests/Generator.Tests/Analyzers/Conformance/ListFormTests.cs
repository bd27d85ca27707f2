namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>All forms of lists are compared, as far as they say something.</summary>
public sealed class ListFormTests
{
    private static readonly string Code = OneModule.Root(OneModule.Weight + """ [Parameter("in"), FromCheckpoint("norm", "in")] public partial Parameter Norm { get; private set; }""");

    [Theory]
    [InlineData("norm")]
    [InlineData("nrom", "LANY0019 nrom", "LANY0055 \"norm\"")]
    public Task An_index_has_names_alone(string name, params string[] expected) =>
        Compare($$$"""{"metadata": {}, "weight_map": {"weight": "model-1.safetensors", "{{{name}}}": "model-2.safetensors"}}""", expected);

    [Theory]
    [InlineData("[3]", "BF16")]
    [InlineData("[4]", "BF16", "LANY0057 \"out in\"")]
    [InlineData("[5]", "BF16", "LANY0057 [5]")]
    [InlineData("[3]", "I8", "LANY0058 I8")]
    public Task A_header_of_a_safetensors_file(string shape, string type, params string[] expected) => Compare(
        $$$"""
        {"__metadata__": {"format": "pt"},
         "weight": {"dtype": "BF16", "shape": [4, 3], "data_offsets": [0, 24]},
         "norm": {"dtype": "{{{type}}}", "shape": {{{shape}}}, "data_offsets": [24, 30]}}
        """,
        expected);

    /// <summary>GGUF says the innermost dimension first, and its blocks say themselves how they are decoded.</summary>
    [Theory]
    [InlineData("[3, 4]", "Q4_0")]
    [InlineData("[3, 4]", "F32")]
    [InlineData("[4, 3]", "Q4_0", "LANY0057 \"out in\"")]
    public Task A_table_of_a_GGUF_file(string shape, string type, params string[] expected) =>
        Compare(
        $$$"""
        {"tensors": {
          "weight": {"shape": {{{shape}}}, "type": "{{{type}}}"},
          "norm": {"shape": [3], "type": "F32"}
        }}
        """,
        expected);

    /// <summary>The factors of rotary frequencies are a part of the configuration that lies among the tensors of GGUF, and are read as such.</summary>
    [Theory]
    [InlineData("rope_freqs.weight")]
    [InlineData("rope_frqs.weight", "LANY0019 rope_frqs.weight")]
    public Task Rotary_factors_of_a_GGUF_file_are_no_weight(string name, params string[] expected) =>
        Compare($$$"""{"tensors": {"weight": {"shape": [3, 4], "type": "F16"}, "norm": {"shape": [3], "type": "F32"}, "{{{name}}}": {"shape": [64], "type": "F32"} } }""", expected);

    [Fact]
    public Task Rotary_factors_elsewhere_are_a_tensor_as_others() => Compare(
        """{"weight": {"dtype": "F16", "shape": [4, 3]}, "norm": {"dtype": "F16", "shape": [3]}, "rope_freqs.weight": {"dtype": "F16", "shape": [64]}}""", ["LANY0019 rope_freqs.weight"]);

    private static async Task Compare(string list, string[] expected) => Assert.Equal(expected, await OneModule.Found(Code, list));
}
