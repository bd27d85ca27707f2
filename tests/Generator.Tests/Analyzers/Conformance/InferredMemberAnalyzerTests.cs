using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What an editor shows of members where one points at them.</summary>
public sealed class InferredMemberAnalyzerTests
{
    [Theory]
    [InlineData("Model.cs(3,29) Decoder", "list: 1 instance, 2 tensors")]
    [InlineData("Model.cs(12,23) Vocab", "list: 1000")]
    [InlineData("Model.cs(13,23) Hidden", "list: 48")]
    [InlineData("Model.cs(18,30) Embed", "list: [1000, 48] BF16, 1 tensor")]
    [InlineData("Model.cs(26,29) Layer", "list: 4 instances, 140 tensors")]
    [InlineData("Model.cs(31,37) Heads", "list: 8")]
    [InlineData("Model.cs(38,30) Query", "list: [64, 48] BF16, 4 layers, 4 tensors")]
    [InlineData("Model.cs(50,30) Up", "list: [16, 24, 48] BF16, 4 layers, 64 tensors")]
    public async Task Of_each_member_it_says_what_the_list_makes_of_it(string place, string expected) =>
        Assert.Equal(expected, Assert.Single(await Said(SmallDecoder.Code, SmallDecoder.List), said => $"{said.Place} {said.Text}" == place).Message);

    [Fact]
    public async Task What_shapes_leave_open_is_called_open()
    {
        // Without a norm of heads only the product is known.
        var code = SmallDecoder.Replaced(SmallDecoder.Code, "[Parameter(\"head_dim\")]\n    [FromCheckpoint(\"q_norm.weight\", \"head_dim\")]", "[Parameter(\"hidden\")]\n    [FromCheckpoint(\"q_norm.weight\", \"hidden\")]");
        var said = await Said(code, SmallDecoder.Replaced(SmallDecoder.List, "[8]", "[48]"));
        Assert.StartsWith("list: open", said.Single(finding => finding.Text == "Heads").Message, StringComparison.Ordinal);
        Assert.StartsWith("list: open", said.Single(finding => finding.Text == "HeadDim").Message, StringComparison.Ordinal);
        Assert.Equal("list: [64, 48] BF16, 4 layers, 4 tensors", said.Single(finding => finding.Text == "Query").Message);
    }

    [Fact]
    public async Task Equal_axes_that_nothing_tells_apart_are_said()
    {
        var said = await Said(SmallDecoder.Code, SmallDecoder.List.Replace("64", "48", StringComparison.Ordinal));
        Assert.Equal("list: [48, 48] BF16, square: \"(heads head_dim) hidden\" would fit either way round, 4 layers, 4 tensors", said.Single(finding => finding.Text == "Query").Message);
        Assert.Equal("list: [16, 24, 48] BF16, 4 layers, 64 tensors", said.Single(finding => finding.Text == "Up").Message);
    }

    [Fact]
    public async Task Layers_that_differ_are_told_apart()
    {
        var said = await Said(SmallDecoder.Code, SmallDecoder.Replaced(
            SmallDecoder.List,
            """{"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},""",
            """
            {"name": "layers.{0..2}.q_norm.weight", "dtype": "BF16", "shape": [8]},
            {"name": "layers.3.q_norm.weight", "dtype": "BF16", "shape": [16]},
            """));
        Assert.Equal("list: [8] BF16, 3 layers, 3 tensors in layers.{0..2}; [16] BF16, 1 tensor in layers.3", said.Single(finding => finding.Text == "QueryNorm").Message);
    }

    [Fact]
    public async Task Places_that_differ_in_a_number_are_one()
    {
        // Neither layers 0 and 2, nor the modules of a layer, are said one by one.
        var code = SmallDecoder.Replaced(
            SmallDecoder.Replaced(SmallDecoder.Code, "=> CreateParameters(topology);", "{ CreateParameters(topology); RegisterComponents(); }"),
            "public partial Parameter Query { get; private set; }",
            "public partial Parameter Query { get; private set; }\n    public Norm First { get; } = new();\n    public Norm? Second { get; }\n    [Child(Axes = \"hidden = head_dim\")] public Norm Third { get; } = new();") + """

            [ParameterModule]
            public sealed partial class Norm : Module
            {
                public Norm() : base("norm") => CreateParameters();
                [Axis] public int Hidden { get; }
                [Parameter("hidden"), FromCheckpoint("weight", "hidden")] public partial Parameter Weight { get; private set; }
            }
            """;
        var said = await Said(code, SmallDecoder.Replaced(SmallDecoder.List, "\n  ]", """
            ,
                {"name": "layers.{0..3}.first.weight", "dtype": "BF16", "shape": [48]},
                {"name": "layers.{1,3}.second.weight", "dtype": "BF16", "shape": [48]},
                {"name": "layers.{0..3}.third.weight", "dtype": "BF16", "shape": [8]}
              ]
            """));
        Assert.Equal(
            "list: [48] BF16, 4 layers, 6 tensors in layers.{0..3}.first, layers.{1,3}.second; [8] BF16, 4 layers, 4 tensors in layers.{0..3}.third",
            said.Single(finding => finding.Text == "Weight").Message);
    }

    [Fact]
    public async Task Of_several_lists_each_says_its_own_in_one_place()
    {
        var compilation = Findings.Compile(SmallDecoder.Replaced(SmallDecoder.Code, "[ConformsTo(\"list.tensors.json\")]", "[ConformsTo(\"list.tensors.json\")]\n[ConformsTo(\"large.tensors.json\")]"));
        var found = await Findings.Of(compilation, [new TextFile(SmallDecoder.File, SmallDecoder.List), new TextFile("large.tensors.json", SmallDecoder.List.Replace("48", "96", StringComparison.Ordinal))], DiagnosticSeverity.Info);
        Assert.Equal("list: [1000, 48] BF16, 1 tensor\nlarge: [1000, 96] BF16, 1 tensor", Assert.Single(found, finding => finding.Text == "Embed").Message);
    }

    [Fact]
    public async Task Without_a_list_nothing_is_said() =>
        Assert.Empty(await Findings.Of(Findings.Compile(SmallDecoder.Replaced(SmallDecoder.Code, "[ConformsTo(\"list.tensors.json\")]", "")), [new TextFile(SmallDecoder.File, SmallDecoder.List)], DiagnosticSeverity.Info));

    private static async Task<IReadOnlyList<Finding>> Said(string code, string list)
    {
        var found = await Findings.Of(Findings.Compile(code), [new TextFile(SmallDecoder.File, list)], DiagnosticSeverity.Info);
        Assert.All(found, finding => Assert.Equal(InferredMemberAnalyzer.Id, finding.Rule));
        return found;
    }
}
