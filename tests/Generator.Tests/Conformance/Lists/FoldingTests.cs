using CsCheck;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Tests.Conformance.Lists;

public sealed class FoldingTests
{
    [Fact]
    public void What_is_folded_and_expanded_is_what_was_there() => RandomNames.Tensors.Where(tensors => tensors.Count > 0).Sample(tensors =>
    {
        var text = RandomNames.Header(tensors);
        var list = TensorList.Read(text, "x.json");
        Assert.Empty(list.Faults);
        Assert.Equal(tensors.Count, list.Count);
        Assert.Equal(
            tensors.Select(tensor => (tensor.Key, NaiveNames.Kind(RandomNames.Type(tensor.Value), [tensor.Value, 4]))).Order(),
            list.Expand().Select(tensor => (tensor.Key, tensor.Value)).Order());
        Assert.Equal(list.Rows.Select(row => row.Start).Order(), list.Rows.Select(row => row.Start));
        Assert.All(list.Rows, row =>
        {
            // Each row says where the first of its names stands.
            Assert.Equal(tensors.Keys.First(name => row.Name.Expand().Contains(name)), System.Text.Json.JsonSerializer.Deserialize<string>($"\"{text.Substring(row.Start, row.Length)}\""));
            Assert.Equal(row.Type, text.Substring(row.TypeStart, row.TypeLength));
            Assert.Equal($"[{string.Join(",", row.Shape)}]", text.Substring(row.ShapeStart, row.ShapeLength));
        });
    }, iter: 3000, seed: "0000KvJ1wWX2", threads: 1);

    [Fact]
    public void A_list_that_was_folded_is_read_as_the_flat_one() => RandomNames.Tensors.Where(tensors => tensors.Count > 0).Sample(tensors =>
    {
        var flat = TensorList.Read(RandomNames.Header(tensors), "x.json");
        var rows = flat.Rows.Select(row => $$"""{"name": "{{row.Name}}", "dtype": "{{row.Type}}", "shape": [{{string.Join(", ", row.Shape)}}]}""");
        var text = $$"""{"count": {{tensors.Count}}, "tensors": [{{string.Join(",", rows)}}]}""";
        var folded = TensorList.Read(text, "x.tensors.json");
        Assert.Empty(folded.Faults);
        Assert.Equal(flat.Rows.Select(row => $"{row}"), folded.Rows.Select(row => $"{row}"));
        Assert.Equal(flat.Rows.Select(row => row.Name), folded.Rows.Select(row => row.Name));
    }, iter: 1000, seed: "0000KvJ1wWX2", threads: 1);

    [Theory]
    [InlineData("l.0.w l.1.w l.2.w", "l.{0..2}.w")]
    [InlineData("l.0.e.0 l.0.e.1 l.1.e.0 l.1.e.1", "l.{0,1}.e.{0,1}")]
    [InlineData("l.0.e.0 l.0.e.1 l.1.e.0", "l.0.e.{0,1} l.1.e.0")]
    [InlineData("l.1.e.2 l.0.e.0 l.0.e.2 l.1.e.0 l.2.e.0", "l.{0,1}.e.{0,2} l.2.e.0")]
    [InlineData("l1.w l2.w l_3 l_4", "l1.w l2.w l_3 l_4")]
    [InlineData("l.00.w l.01.w l.1.w", "l.00.w l.01.w l.1.w")]
    [InlineData("0 1 2.3 2.4", "{0,1} 2.{3,4}")]
    public void Whole_numbers_of_a_product_are_folded(string names, string rows)
    {
        var text = $$$"""{"weight_map": {{{{string.Join(", ", names.Split(' ').Select(name => $"\"{name}\": \"f\""))}}}}}""";
        Assert.Equal(rows.Split(' '), TensorList.Read(text, "x.safetensors.index.json").Rows.Select(row => $"{row}"));
    }

    [Fact]
    public void A_name_of_ten_thousand_numbers_is_read()
    {
        var name = string.Join(".", Enumerable.Repeat("7", 10_000));
        var list = TensorList.Read($$$"""{"weight_map": {"{{{name}}}": "f", "{{{name}}}.7": "f"}}""", "x.json");
        Assert.Equal([name, name + ".7"], list.Rows.Select(row => $"{row}"));
    }
}
