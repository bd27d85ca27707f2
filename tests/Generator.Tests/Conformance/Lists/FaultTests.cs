using CsCheck;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>What is wrong with a list is said at its place. A place is between « and » in these texts.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("«»", "This is not JSON. A value has to stand here: the text ends here.")]
    [InlineData("{\"a\": 1«»", "This is not JSON. A ',' or '}' is missing: the text ends here.")]
    [InlineData("{\"a\" «1»}", "This is not JSON. A ':' is missing.")]
    [InlineData("{\"a\": 1, «}»", "This is not JSON. The name of a member has to stand here, in quotes.")]
    [InlineData("[1, «]»", "This is not JSON. A value has to stand here.")]
    [InlineData("[1 «2»]", "This is not JSON. A ',' or ']' is missing.")]
    [InlineData("[1«}»", "This is not JSON. A ',' or ']' is missing.")]
    [InlineData("{} «/»/ a comment", "This is not JSON. Something follows the end.")]
    [InlineData("[«N»aN]", "This is not JSON. A value has to stand here.")]
    [InlineData("[-«]»", "This is not JSON. A number needs a digit here.")]
    [InlineData("[«0»1]", "This is not JSON. A number has no zeros before it.")]
    [InlineData("[1.«]»", "This is not JSON. A number needs a digit here.")]
    [InlineData("[1e«]»", "This is not JSON. A number needs a digit here.")]
    [InlineData("[\"a«\\x»\"]", "This is not JSON. This is no escape of JSON.")]
    [InlineData("[\"a«\\u»12g4\"]", "This is not JSON. This is no escape of JSON.")]
    [InlineData("[\"a«\n»\"]", "This is not JSON. A string has no line breaks or other control characters.")]
    [InlineData("[\"a«»", "This is not JSON. A string has no end: the text ends here.")]
    [InlineData("[«'»a']", "This is not JSON. A value has to stand here.")]
    public void What_is_no_JSON(string text, string message) => Fault(text, message);

    [Theory]
    [InlineData("«{»}")]
    [InlineData("«[»]")]
    [InlineData("«1»")]
    [InlineData("\"«t»ensors\"")]
    [InlineData("«n»ull")]
    [InlineData("«{»\"tensors\": []}")]
    [InlineData("«{»\"weight_map\": {}}")]
    [InlineData("«{»\"model_type\": \"llama\", \"hidden_size\": 4096}")]
    public void What_has_no_tensors(string text) => Fault(text, "This is no tensor list: neither folded");

    [Theory]
    [InlineData("a«{»0..2", "The range has no '}'.")]
    [InlineData("a«}»", "A '}' has no '{' before it.")]
    [InlineData("a.{«5..2»}", "The range '5..2' ends before it begins.")]
    [InlineData("a.{0,«5..2»}", "The range '5..2' ends before it begins.")]
    [InlineData("a.{«0..6..0»}", "The range '0..6..0' has steps of 0.")]
    [InlineData("a.{«0..1048576»}", "The range '0..1048576' has more than 1048576 numbers.")]
    [InlineData("a.{0..3,«2»}", "2 stands twice in the range.")]
    [InlineData("a.{«-1»}", "'-1' is no range")]
    [InlineData("a.{«00»}", "'00' is no range")]
    [InlineData("a.{«1..2..3..4»}", "'1..2..3..4' is no range")]
    [InlineData("a.{«x»}", "'x' is no range")]
    [InlineData("a.{«0 .. 2»}", "'0 .. 2' is no range")]
    [InlineData("a.{«1234567890»}", "'1234567890' is no range")]
    [InlineData("a.{«}»", "'' is no range")]
    [InlineData("a.{0,«}»", "'' is no range")]
    [InlineData("a1«{0..2}»", "A range has neither a digit nor another range directly beside it")]
    [InlineData("a«{0..2}»1", "A range has neither a digit nor another range directly beside it")]
    [InlineData("a«{0..2}»{0..2}", "A range has neither a digit nor another range directly beside it")]
    public void What_is_no_folded_name(string name, string message) => Fault($$$"""{"tensors": [{"name": "b"}, {"name": "{{{name}}}"}]}""", message);

    [Theory]
    [InlineData("""{"count": «2», "tensors": [{"name": "a.{0..2}"}]}""", "The list says 2 tensors, and its rows have 3.")]
    [InlineData("""{"count": «-2», "tensors": [{"name": "a.{0..2}"}]}""", "\"count\" is a whole number, not negative.")]
    [InlineData("""{"bytes": «13», "tensors": [{"name": "a.{0..2}", "dtype": "BF16", "shape": [2]}]}""", "The list says 13 bytes, and its rows have 12.")]
    [InlineData("""{"bytes": «13», "tensors": [{"name": "a", "dtype": "Q4_K", "shape": [2, 512]}]}""", "The list says 13 bytes, and its rows have 576.")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": [2, «-1»]}]}""", "'-1' is no size")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": [«2.0»]}]}""", "'2.0' is no size")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": ["«2»"]}]}""", "'2' is no size")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": [«9223372036854775808»]}]}""", "'9223372036854775808' is no size")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": «[4294967296, 4294967296]»}]}""", "No tensor has 2^63 elements or more.")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": "BF16", "shape": «2»}]}""", "A shape is an array of sizes.")]
    [InlineData("""{"tensors": [{"name": "a", "dtype": «3», "shape": [2]}]}""", "An element type is a name such as \"BF16\".")]
    [InlineData("""{"tensors": [{"name": "«a»", "shape": [2]}]}""", "'a' has no \"dtype\".")]
    [InlineData("""{"tensors": [{"name": "«a»", "dtype": "F32"}]}""", "'a' has no \"shape\".")]
    [InlineData("""{"tensors": [{"name": "b", "dtype": "F32", "shape": []}, {"name": "«a»"}]}""", "'a' has neither a \"dtype\" nor a \"shape\", and other rows have them.")]
    [InlineData("""{"tensors": [«{"dtype": "F32"}»]}""", "A row is an object with a \"name\".")]
    [InlineData("""{"tensors": [«3»]}""", "A row is an object with a \"name\".")]
    [InlineData("""{"format": "«onnx»", "tensors": [{"name": "a"}]}""", "The format is \"safetensors\" or \"gguf\".")]
    [InlineData("""{"weight_map": {"a": «3»}}""", "'a' has no file name.")]
    [InlineData("""{"b": {"dtype": "F32", "shape": [1]}, "«a»": {"dtype": "F32"}}""", "'a' has no \"shape\".")]
    [InlineData("""{"tensors": {"«a»": {"shape": [1]}}}""", "'a' has no \"type\".")]
    [InlineData("""[{"a": {"dtype": "F32", "shape": [1]}}, «3»]""", "The header of a safetensors file is an object.")]
    public void What_is_wrong_in_a_row(string text, string message) => Fault(text, message);

    [Theory]
    [InlineData("""{"tensors": [{"name": "a.{0..5}.w"}, {"name": "b"},""" + "\n" + """{"name": "«a.{3,8}.w»"}]}""", "'a.{3,8}.w' has names that 'a.{0..5}.w' has, in line 1.")]
    [InlineData("""{"tensors": [{"name": "a.3.w"}, {"name": "«a.{0..5}.w»"}]}""", "'a.{0..5}.w' has names that 'a.3.w' has, in line 1.")]
    [InlineData("""{"tensors": [{"name": "a.3.w"}, {"name": "«a.3.w»"}]}""", "'a.3.w' has names that 'a.3.w' has, in line 1.")]
    [InlineData("""{"tensors": [{"name": "a.3.{0..2}"}, {"name": "«a.{2..3}.2»"}]}""", "'a.{2,3}.2' has names that 'a.3.{0..2}' has, in line 1.")]
    [InlineData("""{"weight_map": {"a.1": "f", "b": "f", "«a.1»": "f"}}""", "'a.1' stands twice in one object.")]
    [InlineData("""{"weight_map": {"a": "f", "«\u0061»": "f"}}""", "'a' stands twice in one object.")]
    [InlineData("""[{"a.1": {"dtype": "F32", "shape": []}}, {"«a.1»": {"dtype": "F32", "shape": []}}]""", "'a.1' is listed twice.")]
    [InlineData("""[{"a.1": {"dtype": "F32", "shape": []}}, {"«a.1»": {"dtype": "F16", "shape": []}}]""", "'a.1' has names that 'a.1' has, in line 1.")]
    [InlineData("""{"tensors": [{"name": "a", "«name»": "b"}]}""", "'name' stands twice in one object.")]
    public void A_name_that_stands_twice(string text, string message) => Fault(text, message);

    [Fact]
    public void A_name_that_stands_twice_among_many()
    {
        var names = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"w{i}x\": \"f\""));
        Fault($$$"""{"weight_map": {{{{names}}}, "«w77x»": "f"}}""", "'w77x' stands twice in one object.");
    }

    [Fact]
    public void Everything_is_said_in_order_and_what_can_be_read_is()
    {
        var list = TensorList.Read("""{"count": "1", "tensors": [{"name": "a.{1..0}"}, {"name": "b", "dtype": "F32", "shape": [-1]}, {"name": "c", "dtype": "F32", "shape": [1]}]}""", "x.json");
        Assert.Equal(3, list.Faults.Length);
        Assert.Equal(list.Faults.OrderBy(fault => fault.Start), list.Faults);
        Assert.Equal(["c F32 [1]"], list.Rows.Select(row => $"{row}"));
    }

    [Fact]
    public void A_list_given_twice_has_a_hundred_faults_and_their_number()
    {
        var header = string.Join(",", Enumerable.Range(0, 1000).Select(i => $$"""
            "a.{{i}}": {"dtype":"F32","shape":[1]}
            """));
        var list = TensorList.Read($"[{{{header}}},{{{header}}}]", "x.json");
        Assert.Equal(101, list.Faults.Length);
        Assert.StartsWith("900 more", list.Faults[^1].Message, StringComparison.Ordinal);
        Assert.Equal("a.{0..999}", $"{Assert.Single(list.Rows).Name}");
    }

    [Fact]
    public void Deep_nesting_is_a_fault() => Assert.StartsWith("This is not JSON. This is nested more than 64 deep", Assert.Single(TensorList.Read(new string('[', 1_000_000), "x.json").Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void No_text_throws_and_every_fault_is_within_it()
    {
        const string Good = """{"count": 7, "tensors": [{"name": "a.{0..2}.{4,5..7}.w1", "dtype": "BF16", "shape": [2, 4]}, {"name": "\u0062{1..9..2}", "dtype": "F32", "shape": []}], "weight_map": {"a": "b"}}""";
        var edit = Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 3], RandomNames.One("", "{", "}", "\"", "[", "]", ",", ":", "..", "0", "9", "-", "\\u00", "null", "name", " "));
        edit.List[1, 4].Sample(edits =>
        {
            var text = Good;
            foreach (var (at, length, by) in edits) text = at + length <= text.Length ? text[..at] + by + text[(at + length)..] : text + by;
            var list = TensorList.Read(text, "x.json");
            Assert.All(list.Faults, fault => Assert.True(fault is { Start: >= 0, Length: >= 0 } && fault.Start + fault.Length <= text.Length, text));
            Assert.All(list.Rows, row => Assert.True(row.Count > 0, text));
            Assert.Equal(IsJson(text), !list.Faults.Any(fault => fault.Message.StartsWith("This is not JSON", StringComparison.Ordinal)));
        }, iter: 20000, seed: "0000KvJ1wWX2", threads: 1);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            // The other reader's way to say no.
            return false;
        }
    }

    private static void Fault(string marked, string message)
    {
        var (start, end) = (marked.IndexOf('«'), marked.IndexOf('»') - 1);
        var fault = Assert.Single(TensorList.Read(marked.Replace("«", "").Replace("»", ""), "x.json").Faults);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((start, end - start), (fault.Start, fault.Length));
    }
}
