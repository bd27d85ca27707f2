using Lanyard.Generator.Conformance.Lists;
using Lanyard.Tests;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>The published lists among the fixtures.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Manifests => [.. Directory.GetFiles(Fixtures.Path("manifests"), "*.tensors.json").Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_manifest_is_read(string file)
    {
        var list = Read(file);
        Assert.Empty(list.Faults);
        Assert.Equal(file[..^".tensors.json".Length], list.Name);
        Assert.True(list.HasShapes);
        Assert.False(list.IsGguf);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Fixtures.Path("manifests", file)));
        Assert.Equal(json.RootElement.GetProperty("count").GetInt64(), list.Count);
        Assert.Equal(json.RootElement.GetProperty("tensors").GetArrayLength(), list.Rows.Length);
    }

    [Theory]
    [InlineData("llama-4-scout-17b-16e-instruct.tensors.json")]
    [InlineData("gemma-4-e2b-it.tensors.json")]
    [InlineData("mixtral-8x7b.tensors.json")]
    [InlineData("nemotron-3-nano-30b-a3b-bf16.tensors.json")]
    public void A_flat_list_is_the_folded_one(string file)
    {
        var flat = FoldedManifest.Read(Fixtures.Path("manifests", file));
        var expected = flat.Select(tensor => (tensor.Name, NaiveNames.Kind(tensor.Type, tensor.Shape))).Order().ToList();
        var header = "{" + string.Join(",\n", flat.Select(tensor => $"\"{tensor.Name}\": {{\"dtype\": \"{tensor.Type}\", \"shape\": [{string.Join(", ", tensor.Shape)}], \"data_offsets\": [0, 1]}}")) + "}";
        var list = TensorList.Read(header, "model.json");
        Assert.Empty(list.Faults);
        Assert.Equal(expected, list.Expand().Select(tensor => (tensor.Key, tensor.Value)).Order());
        Assert.Equal(expected, Read(file).Expand().Select(tensor => (tensor.Key, tensor.Value)).Order());
        Assert.InRange(list.Rows.Length, 1, Read(file).Rows.Length + 5);
    }

    [Fact]
    public void Layers_of_deepseek_are_in_the_groups_that_they_have()
    {
        var list = Read("deepseek-v3.tensors.json");
        Assert.Equal(["0..2", "3..60", "61"], list.NumbersBelow("model.layers.").Select(group => $"{group}"));
        Assert.Equal(["0..255"], list.NumbersBelow("model.layers.5.mlp.experts.").Select(group => $"{group}"));
        Assert.Empty(list.NumbersBelow("model.layers.0.mlp.experts."));
        Assert.Equal(256, Assert.Single(list.Find(new NameQuery("model.layers.5.mlp.experts.", ".gate_proj.weight"))).Count);
    }

    private static TensorList Read(string file)
    {
        var path = Fixtures.Path("manifests", file);
        return TensorList.Read(File.ReadAllText(path), path);
    }
}
