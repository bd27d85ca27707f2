using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>The forms in which lists come.</summary>
public sealed class FormTests
{
    [Fact]
    public void A_folded_list()
    {
        var list = Read("""
            {
              "model": "some", "count": 13, "bytes": 196, "licence": {"of": ["what", null, true, -1.5e3]},
              "tensors": [
                {"name": "a.{0..2}.{1,4..6}.w", "dtype": "BF16", "shape": [2, 4], "more": 1},
                {"shape": [], "dtype": "F32", "name": "b"}
              ]
            }
            """);
        Assert.Empty(list.Faults);
        Assert.Equal(["a.{0..2}.{1,4..6}.w BF16 [2, 4]", "b F32 []"], list.Rows.Select(row => $"{row}"));
        Assert.Equal((13L, true, false), (list.Count, list.HasShapes, list.IsGguf));
    }

    [Fact]
    public void A_folded_list_of_names() => Rows("""{"tensors": [{"name": "a.{0..2}"}, {"name": "b"}]}""", false, "a.{0..2}", "b");

    [Fact]
    public void A_folded_list_of_a_GGUF_file()
    {
        var list = Rows("""{"format": "gguf", "tensors": [{"name": "blk.{0..2}.ffn_up.weight", "dtype": "Q4_K", "shape": [512, 256]}]}""", true, "blk.{0..2}.ffn_up.weight Q4_K [512, 256]");
        Assert.True(list.IsGguf);
    }

    [Fact]
    public void An_index() => Rows(
        """{"metadata": {"total_size": 12}, "weight_map": {"l.0.w": "model-00001-of-00002.safetensors", "n": "model-00002-of-00002.safetensors", "l.1.w": "model-00002-of-00002.safetensors"}}""",
        false,
        "l.{0,1}.w",
        "n");

    [Fact]
    public void A_header() => Rows(
        """{"__metadata__": {"format": "pt"}, "l.0.w": {"dtype": "F32", "shape": [2,3], "data_offsets": [0, 24]}, "l.1.w": {"shape": [2, 3], "data_offsets": [24, 48], "dtype": "F32"}, "s": {"dtype": "I64", "shape": [], "data_offsets": [48, 56]}}""",
        true,
        "l.{0,1}.w F32 [2, 3]",
        "s I64 []");

    [Theory]
    [InlineData("""[{"__metadata__": {}, "l.0.w": {"dtype": "F32", "shape": [2]}}, {}, {"l.1.w": {"dtype": "F32", "shape": [2]}}]""")]
    [InlineData("""{"a.safetensors": {"l.0.w": {"dtype": "F32", "shape": [2]}}, "b.safetensors": {"__metadata__": {"format": "pt"}, "l.1.w": {"dtype": "F32", "shape": [2]}}}""")]
    public void Headers_of_several_files(string text) => Rows(text, true, "l.{0,1}.w F32 [2]");

    [Fact]
    public void Tensors_may_be_called_as_members_of_other_forms_are() => Rows(
        """{"tensors": {"dtype": "F32", "shape": [2]}, "weight_map": {"dtype": "F32", "shape": [3]}}""", true, "tensors F32 [2]", "weight_map F32 [3]");

    [Fact]
    public void The_tensor_table_of_GGUF()
    {
        var list = Rows(
            """
            {"filename": "m.gguf", "endian": "LITTLE", "metadata": {"GGUF.version": {"index": 1, "type": "UINT32", "offset": 4, "value": 3}},
             "tensors": {"token_embd.weight": {"index": 0, "shape": [4096, 32000], "type": "Q4_K", "offset": 1000},
                         "blk.0.ffn_gate_exps.weight": {"index": 1, "shape": [4096, 1024, 8], "type": "Q6_K", "offset": 2000},
                         "blk.1.ffn_gate_exps.weight": {"index": 2, "shape": [4096, 1024, 8], "type": "Q4_K", "offset": 3000}}}
            """,
            true,
            "token_embd.weight Q4_K [32000, 4096]",
            "blk.0.ffn_gate_exps.weight Q6_K [8, 1024, 4096]",
            "blk.1.ffn_gate_exps.weight Q4_K [8, 1024, 4096]");
        Assert.True(list.IsGguf);
    }

    [Fact]
    public void Escapes_are_read() => Rows("""{"weight_map": {"\u0061\n\"\\\/.0": "f", "a\n\"\\/.1": "f"}}""", false, "a\n\"\\/.{0,1}");

    [Theory]
    [InlineData("deepseek-v3.tensors.json", "deepseek-v3")]
    [InlineData("/some/where/llama.3.1.Tensors.json", "llama.3.1")]
    [InlineData("C:\\lists\\model.safetensors.index.json", "model")]
    [InlineData("header.json", "header")]
    [InlineData("list.txt", "list.txt")]
    [InlineData(".json", ".json")]
    public void Messages_call_it_by_its_file(string file, string name) => Assert.Equal(name, TensorList.Read("{}", file).Name);

    private static TensorList Read(string text) => TensorList.Read(text, "x.json");

    private static TensorList Rows(string text, bool hasShapes, params string[] rows)
    {
        var list = Read(text);
        Assert.Empty(list.Faults);
        Assert.Equal(rows, list.Rows.Select(row => $"{row}"));
        Assert.Equal(hasShapes, list.HasShapes);
        return list;
    }
}
