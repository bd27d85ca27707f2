using System.Text.Json.Nodes;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>What transformers' conversions made of small tensors, against one declaration for each case.</summary>
public sealed class ConversionTests
{
    private static readonly string Tensors = Fixtures.Path("conversions", "conversions.safetensors");
    private static readonly JsonArray Cases = JsonNode.Parse(File.ReadAllText(Fixtures.Path("conversions", "conversions.json")))!.AsArray();

    public static TheoryData<string> Names => [.. Conversions.All.Select(conversion => conversion.Case)];

    [Fact]
    public void Every_case_and_every_output_is_declared_once()
    {
        Assert.Equal(18, Cases.Count);
        Assert.Equal(Cases.Select(c => (string?)c!["case"]), Conversions.All.Select(conversion => conversion.Case));
        foreach (var (found, conversion) in Cases.Zip(Conversions.All))
            Assert.Equal(found!["outputs"]!.AsObject().Select(output => output.Key), conversion.Parameters.Select(parameter => parameter.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forwards(string name)
    {
        var conversion = Find(name);
        var (input, output) = Read(name);
        foreach (var parameter in conversion.Parameters)
        {
            var plan = Layout.Resolve(parameter.Pattern, parameter.Sources, conversion.Whole);
            Assert.Equal(output[parameter.Name].Shape.AsEnumerable(), plan.Shape.AsEnumerable());
            Assert.Equal(output[parameter.Name].Bits, plan.Load(input));
            Assert.Subset(input.Keys.ToHashSet(), plan.Tensors.Select(tensor => tensor.Name).ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backwards(string name)
    {
        var conversion = Find(name);
        var (input, output) = Read(name);
        var exported = Copies.Blank(input);
        foreach (var parameter in conversion.Parameters)
            Layout.Resolve(parameter.Pattern, parameter.Sources, conversion.Whole).Export(output[parameter.Name].Bits, exported);
        foreach (var (tensor, (bits, writes)) in exported)
        {
            Assert.All(writes, count => Assert.Equal(1, count));
            Assert.Equal(input[tensor].Bits, bits);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_two_ranks(string name)
    {
        var conversion = Find(name);
        var (input, output) = Read(name);
        foreach (var parameter in conversion.Parameters)
        {
            for (var rank = 0; rank < 2; rank++)
            {
                var plan = Layout.Resolve(parameter.Pattern, parameter.Sources, conversion.OfRank(rank));
                var held = AxisText.Numbers(parameter.Held[rank]);
                var whole = output[parameter.Name];
                Assert.True(held.Length < whole.Shape[parameter.Dimension], $"Rank {rank} holds all of {parameter.Name}.");
                Assert.Equal(whole.Shape.SetItem(parameter.Dimension, held.Length).AsEnumerable(), plan.Shape.AsEnumerable());
                Assert.Equal(whole.Take(parameter.Dimension, held), plan.Load(input));
            }
        }
    }

    [Fact]
    public void A_tensor_that_is_transposed_in_some_files_only()
    {
        var (input, output) = Read("06-Transpose");
        var conversion = Find("06-Transpose");
        var parameter = conversion.Parameters.Single();
        // The same weights, stored as the model has them: the shape tells which of the two declarations holds.
        var upright = Layout.Resolve(parameter.Pattern, [new(parameter.Sources[0].Name, "experts out in")], conversion.Whole);
        var transposed = Layout.Resolve(parameter.Pattern, parameter.Sources, conversion.Whole);
        Assert.NotEqual(upright.Tensors.Single().Shape.AsEnumerable(), transposed.Tensors.Single().Shape.AsEnumerable());
        Assert.Equal(transposed.Load(input), upright.Load(output));
    }

    [Theory]
    [InlineData("attn_queries.{layers - 1}", 1)]
    [InlineData("attn_queries.{layers}", 0)]
    [InlineData("attn_queries.{layers + 2}", -2)]
    public void An_index_that_is_shifted_by_a_constant(string name, int first)
    {
        // Layers 2 and 3 of four on this rank, whatever the names count from.
        Axis[] axes = [new("layers", 4, held: AxisShare.Range(2, 2)), new("out", 2)];
        var plan = Layout.Resolve("layers out", [new(name, "out")], axes);
        Assert.Equal(
            [($"attn_queries.{2 - first}", 0L), ($"attn_queries.{2 - first}", 1L), ($"attn_queries.{3 - first}", 0L), ($"attn_queries.{3 - first}", 1L)],
            plan.Elements().Select(element => element!.Value));
    }

    [Fact]
    public void Text_and_vision_experts_in_one_list_need_not_be_equally_many()
    {
        LayoutSource[] sources = [new("experts.{text + vision}.w", "out")];
        Axis[] axes = [new("text", 3, held: AxisShare.List([2, 0])), new("vision", 2, held: AxisShare.Range(1, 1)), new("out", 1)];
        Assert.Equal(["experts.2.w", "experts.0.w"], Layout.Resolve("text out", sources, axes).Elements().Select(element => element!.Value.Tensor));
        Assert.Equal(["experts.4.w"], Layout.Resolve("vision out", sources, axes).Elements().Select(element => element!.Value.Tensor));
        var together = Layout.Resolve("(text + vision) out", sources, axes);
        Assert.Equal(["experts.2.w", "experts.0.w", "experts.4.w"], together.Elements().Select(element => element!.Value.Tensor));
        Assert.Equal(5, together.Tensors.Length);
    }

    [Fact]
    public void The_page_shows_every_case_as_it_is_declared() => DocPage.HoldsTable(
        "conversions.md",
        "## transformers",
        Cases.Zip(Conversions.All).Select(pair => pair.Second.Row((string)pair.First!["operations"]!, (int)pair.First["used_by_converters"]!)));

    [Fact]
    public void The_page_counts_right()
    {
        var used = Cases.Where(c => (int)c!["used_by_converters"]! > 0).ToArray();
        var classes = used.SelectMany(c => ((string)c!["operations"]!).Split(" > ")).Select(operation => operation.Split('(')[0]).Distinct();
        var counted = $"{used.Sum(c => (int)c!["used_by_converters"]!)} converters in {used.Length} chains of {classes.Count()} operations";
        Assert.Contains(counted, string.Join(' ', DocPage.Lines("conversions.md")), StringComparison.Ordinal);
    }

    private static Conversion Find(string name) => Conversions.All.Single(conversion => conversion.Case == name);

    private static (Dictionary<string, GoldenTensor> Input, Dictionary<string, GoldenTensor> Output) Read(string name) =>
        (GoldenTensor.Read(Tensors, $"{name}/in/"), GoldenTensor.Read(Tensors, $"{name}/out/"));
}
