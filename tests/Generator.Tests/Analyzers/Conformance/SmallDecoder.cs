namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>A model with layers, heads and experts, and the list of a checkpoint of it. Tests change one thing of either.</summary>
internal static class SmallDecoder
{
    /// <summary>The file with the list.</summary>
    public const string File = "list.tensors.json";

    /// <summary>The classes.</summary>
    public const string Code = """
        [ParameterModule]
        [ConformsTo("list.tensors.json")]
        public sealed partial class Decoder : Module
        {
            public Decoder(ModuleList<Layer> layers, Topology? topology = null) : base("decoder")
            {
                Layers = layers;
                CreateParameters(topology);
                RegisterComponents();
            }

            [Axis] public int Vocab { get; }
            [Axis] public int Hidden { get; }
            public ModuleList<Layer> Layers { get; }

            [Parameter("vocab hidden")]
            [FromCheckpoint("embed.weight", "vocab hidden")]
            public partial Parameter Embed { get; private set; }

            [Parameter("hidden")]
            [FromCheckpoint("norm.weight", "hidden")]
            public partial Parameter Norm { get; private set; }
        }

        [ParameterModule]
        public sealed partial class Layer : Module
        {
            public Layer(Topology? topology = null) : base("layer") => CreateParameters(topology);

            [Axis] public int Hidden { get; }
            [Axis(Shard.Tensor)] public int Heads { get; }
            [Axis] public int HeadDim { get; }
            [Axis(Shard.Expert)] public int Experts { get; }
            [Axis(Shard.Tensor)] public int Inner { get; }

            [Parameter("(heads head_dim) hidden")]
            [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden")]
            public partial Parameter Query { get; private set; }

            [Parameter("head_dim")]
            [FromCheckpoint("q_norm.weight", "head_dim")]
            public partial Parameter QueryNorm { get; private set; }

            [Parameter("hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            public partial Parameter Output { get; private set; }

            [Parameter("experts inner hidden")]
            [FromCheckpoint("experts.{experts}.up.weight", "inner hidden")]
            public partial Parameter Up { get; private set; }

            [Parameter("experts hidden inner")]
            [FromCheckpoint("experts.{experts}.down.weight", "hidden inner")]
            public partial Parameter Down { get; private set; }
        }
        """;

    /// <summary>The list.</summary>
    public const string List = """
        {
          "tensors": [
            {"name": "embed.weight", "dtype": "BF16", "shape": [1000, 48]},
            {"name": "layers.{0..3}.q_proj.weight", "dtype": "BF16", "shape": [64, 48]},
            {"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},
            {"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},
            {"name": "layers.{0..3}.experts.{0..15}.up.weight", "dtype": "BF16", "shape": [24, 48]},
            {"name": "layers.{0..3}.experts.{0..15}.down.weight", "dtype": "BF16", "shape": [48, 24]},
            {"name": "norm.weight", "dtype": "BF16", "shape": [48]}
          ]
        }
        """;

    /// <summary>What all rules say of the classes and the list where something is written for something else in either.</summary>
    /// <param name="before">A part of the classes; null for no change.</param>
    /// <param name="after">What stands there instead.</param>
    /// <param name="listed">A part of the list; null for no change.</param>
    /// <param name="instead">What stands there instead.</param>
    public static Task<IReadOnlyList<Finding>> Changed(string? before = null, string? after = null, string? listed = null, string? instead = null) =>
        Findings.Of(Replaced(Code, before, after), (File, Replaced(List, listed, instead)));

    /// <summary>Where it is said, a line for each.</summary>
    public static async Task<string> Places(string? before = null, string? after = null, string? listed = null, string? instead = null) =>
        string.Join("\n", (await Changed(before, after, listed, instead)).Select(finding => finding.Where));

    /// <summary>A source of a misspelt name: the list has a tensor that nothing takes, and the class a source of none; each names the other.</summary>
    public static async Task AssertTellsOfMisspeltName()
    {
        var found = await Changed("\"q_norm.weight\"", "\"q_nrom.weight\"");
        Assert.Equal(2, found.Count);
        Assert.Equal("list: layers.{0..3}.q_norm.weight have no home: no parameter takes them, and no [Ignore] leaves them alone; layers.0.q_nrom.weight is wanted, and lacks", found[0].Message);
        Assert.Empty(found[0].Others);
        Assert.Equal("list: nothing in the list fills Layer.QueryNorm: there is no layers.0.q_nrom.weight; layers.0.q_norm.weight is there, and has no home", found[1].Message);
        Assert.Empty(found[1].Others);
    }

    /// <summary>What all rules say, for ranks.</summary>
    public static Task<IReadOnlyList<Finding>> For(string topologies, string? before = null, string? after = null, string? listed = null, string? instead = null) =>
        Findings.Of(
            Replaced(Replaced(Code, before, after), "[ConformsTo(\"list.tensors.json\")]", $"[ConformsTo(\"list.tensors.json\", {topologies})]"),
            (File, Replaced(List, listed, instead)));

    /// <summary>A text with another in the place of a part of it, which must be there.</summary>
    public static string Replaced(string text, string? part, string? other)
    {
        if (part is null) return text;
        Assert.Contains(part.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        return text.Replace(part.ReplaceLineEndings("\n"), other, StringComparison.Ordinal);
    }
}
