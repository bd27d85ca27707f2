using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What axes of children are in the classes around them, also where those classes are in other assemblies.</summary>
public sealed class ChildSizesTests
{
    private const string Library = """
        namespace Layers;

        [ParameterModule]
        public sealed partial class Linear : Module
        {
            public Linear() : base("") => CreateParameters();
            [Axis] private readonly int _out = 0;
            [Axis] private readonly int _in = 0;
            [Parameter("out in"), FromCheckpoint("weight", "out in")] public partial Parameter Weight { get; private set; }
        }
        """;

    [Theory]
    [InlineData("out = (heads dim), in = hidden", "12 5")]
    [InlineData("in = hidden, out = (heads dim)", "12 5")]
    [InlineData("out = (heads dim), in = hidden", "12 6", "LANY0057 [12, 6]")]
    [InlineData("out = (heads dim), in = hidden", "13 5", "LANY0057 [13, 5]")]
    [InlineData("in = hidden", "13 5")]
    [InlineData("in = hidden, out = ?", "13 5")]
    [InlineData("out = hidden", "13 6", "LANY0057 [13, 6]")]
    [InlineData("out = heads dim, in = hidden", "12 5", "LANY0062 Proj")]
    [InlineData("outt = heads", "12 5", "LANY0062 Proj")]
    public async Task An_axis_is_what_the_class_around_says(string axes, string shape, params string[] expected) =>
        Assert.Equal(expected, (await Compare($"[Child(typeof(Layers.Linear), Axes = \"{axes}\")]", shape)).Select(finding => $"{finding.Rule} {finding.Text}"));

    /// <summary>A property that gives another axis and nothing else is that axis; what is computed of it is a size of its own.</summary>
    [Theory]
    [InlineData("Out", "4")]
    [InlineData("Out", "5", "LANY0057 [5]")]
    [InlineData("Again", "5", "LANY0057 [5]")]
    [InlineData("Out + 1", "5")]
    public async Task An_axis_that_is_another_one_by_definition_has_its_size(string size, string bias, params string[] expected) => Assert.Equal(
        expected,
        await OneModule.Found(
            OneModule.Root($"{OneModule.Weight} [Axis] public int Again => Out; [Axis(Shard.FirstTensorRank)] public int BiasOut => {size}; [Parameter(\"bias_out\"), FromCheckpoint(\"bias\", \"bias_out\")] public partial Parameter Bias {{ get; private set; }}"),
            OneModule.List("weight 4 3", $"bias {bias}")));

    [Fact]
    public async Task What_is_wrong_with_a_class_of_another_assembly_is_shown_in_the_list_and_where_the_comparison_is_asked_for()
    {
        var wrong = Assert.Single(await Compare("[Child(typeof(Layers.Linear), Axes = \"in = hidden\")]", "12 6"));
        Assert.Equal(("LANY0057", "[12, 6]"), (wrong.Rule, wrong.Text));
        Assert.Contains("Linear.Weight reads \"out in\"", wrong.Message, StringComparison.Ordinal);

        var found = await Compare("[Child(typeof(Layers.Linear))]", null);
        Assert.Equal(["LANY0019 block.proj.wieght", "LANY0055 \"list.tensors.json\""], found.Select(finding => $"{finding.Rule} {finding.Text}"));
    }

    private static Task<IReadOnlyList<Finding>> Compare(string child, string? shape)
    {
        var code = $$"""
            [ParameterModule]
            [ConformsTo("list.tensors.json")]
            public sealed partial class Model : Module
            {
                public Model() : base("") => RegisterComponents();
                public Block Block { get; } = new();
            }

            [ParameterModule]
            public sealed partial class Block : Module
            {
                public Block() : base("")
                {
                    CreateParameters();
                    RegisterComponents();
                }

                [Axis] public int Heads { get; }
                [Axis] public int Dim { get; }
                [Axis] public int Hidden { get; }
                {{child}} public Module Proj { get; } = new Layers.Linear();
                [Parameter("hidden"), FromCheckpoint("norm", "hidden")] public partial Parameter Norm { get; private set; }
                [Parameter("heads"), FromCheckpoint("sinks", "heads")] public partial Parameter Sinks { get; private set; }
            }
            """;
        var list = OneModule.List(shape is null ? "block.proj.wieght 12 5" : $"block.proj.weight {shape}", "block.norm 5", "block.sinks 4");
        return Findings.Of(Findings.Compile(code, Image.Value), [new TextFile(SmallDecoder.File, list)]);
    }

    // As projects see each other: without private members.
    private static readonly Lazy<MetadataReference> Image = new(() =>
    {
        using var image = new MemoryStream();
        var result = Findings.Compile(Library).Emit(image, options: new Microsoft.CodeAnalysis.Emit.EmitOptions(metadataOnly: true, includePrivateMembers: false));
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    });
}
