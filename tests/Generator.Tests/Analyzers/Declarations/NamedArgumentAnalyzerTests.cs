using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class NamedArgumentAnalyzerTests
{
    [Theory]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Part = {|LANY0017:\"q\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"(out (gate: 1 + up: 1)) in\", Part = {|LANY0017:\"q\"|})")]
    [InlineData("Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"out in\", Part = \"q\"), FromCheckpoint(\"v\", \"out in\", Part = {|LANY0017:\"v\"|})")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:\"Missing\"|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:nameof(Out)|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:nameof(Static)|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\", Absent = {|LANY0017:1|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", BlockSize = {|LANY0017:128|})")]
    [InlineData("Parameter(\"out\"), FromCheckpoint(\"w\", \"out\", Scale = \"s\", BlockSize = {|LANY0017:128|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", BlockSize = {|LANY0017:-1|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Packing = {|LANY0017:Packing.Mxfp4|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Packing = Packing.Mxfp4, Scale = \"s\", BlockSize = {|LANY0017:32|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w.{out}\", \"in\", Scale = {|LANY0017:\"s\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w.{out}.{in}\", \"\", Scale = {|LANY0017:\"s.{in}.{out}\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = {|LANY0017:\"w\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"{out}.weight\", \"in\", Encoding = typeof(Lanyard.Published.Fp8), Scale = {|LANY0017:\"{in}.weight_scale\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"{out}.{in}.weight\", \"\", Encoding = typeof(Lanyard.Published.Fp8), Scale = {|LANY0017:\"{in}.{out}\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Offset = {|LANY0017:double.NaN|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Offset = {|LANY0017:double.NegativeInfinity|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Offset = {|LANY0017:1 / 0.0|})")]
    public Task Fires(string attributes) => Verify.Analyzer<NamedArgumentAnalyzer>(Class($"[{attributes}] public partial Parameter? W {{ get; private set; }}"), compiles: false);

    [Theory]
    [InlineData("has_bias")]
    [InlineData("!Has")]
    [InlineData("Static")]
    [InlineData("Out")]
    [InlineData("Asked")]
    public Task Is_all_that_is_said_of_a_condition(string when) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[Parameter("out in", When = {|LANY0017:"{{when}}"|}), FromCheckpoint("w", "out in")] public partial Parameter? W { get; private set; } public bool Asked() => true;"""));

    [Theory]
    [InlineData(".weight")]
    [InlineData("weight.")]
    [InlineData("a..weight")]
    [InlineData("weight ")]
    [InlineData("layers.*.weight")]
    [InlineData("layers.%d.weight")]
    public Task Fires_on_what_is_no_name_of_a_tensor(string name) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[Parameter("out in"), FromCheckpoint({|LANY0017:"{{name}}"|}, "out in")] public partial Parameter W { get; private set; }"""));

    [Theory]
    [InlineData("0.weight", "out in")]
    [InlineData("", "out in")]
    [InlineData("{out}", "in")]
    [InlineData("{out - 1}.weight", "in")]
    public Task Stays_quiet_on_names_of_tensors(string name, string pattern) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[Parameter("out in"), FromCheckpoint("{{name}}", "{{pattern}}")] public partial Parameter W { get; private set; }"""));

    [Theory]
    [InlineData("Undo = {|LANY0017:\"Missing\"|}")]
    [InlineData("Undo = {|LANY0017:nameof(Pad)|}")]
    [InlineData("Undo = {|LANY0017:nameof(Counted)|}")]
    [InlineData("Undo = {|LANY0017:nameof(Again)|}")]
    public Task Fires_on_methods(string arguments) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[PostLoad({{arguments}})] private void Pad() { } private int Counted() => 2; [PostLoad] private void Again() { }"""));

    [Theory]
    [InlineData("private void Cut() { }")]
    [InlineData("private void Cut() { W = new Parameter(W); V = new Parameter(V); }")]
    public Task Fires_where_undo_assigns_other_parameters(string undo) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""
        [Parameter("out"), FromCheckpoint("w", "out")] public partial Parameter W { get; private set; }
        [Parameter("out"), FromCheckpoint("v", "out")] public partial Parameter V { get; private set; }
        [PostLoad(Undo = {|LANY0017:nameof(Cut)|})] private void Pad() => Help();
        private void Help() => W = new Parameter(W);
        {{undo}}
        """));

    [Theory]
    [InlineData("CheckpointPrefix({|LANY0017:\"model\"|})")]
    [InlineData("CheckpointPrefix({|LANY0017:\"\"|})")]
    [InlineData("CheckpointAlias({|LANY0017:\"lm_head.weight\"|}, \"lm_head.weight\")")]
    [InlineData("Ignore(\"vision.**\"), Ignore({|LANY0017:\"vision.**\"|}, Optional = true)")]
    [InlineData("Ignore({|LANY0017:\"\"|})")]
    [InlineData("Ignore(\"a\", When = \"On\"), Ignore({|LANY0017:\"a\"|}, When = \"On\")")]
    [InlineData("CheckpointPrefix(\"a.\"), CheckpointPrefix({|LANY0017:\"b.\"|})")]
    [InlineData("CheckpointPrefix(\"a.\", Convention = \"old\"), CheckpointPrefix({|LANY0017:\"b.\"|}, Convention = \"old\")")]
    public Task Fires_on_classes(string attributes) => Verify.Analyzer<NamedArgumentAnalyzer>(
        $$"""[ParameterModule, {{attributes}}] public partial class Model() : Module("model") { public bool On => true; }""");

    [Theory]
    [InlineData("public int Off => 1;")]
    [InlineData("public static bool Off => true;")]
    [InlineData("public bool On => true;")]
    public Task Fires_on_a_condition_of_an_ignore(string member) => Verify.Analyzer<NamedArgumentAnalyzer>(
        $$"""[ParameterModule, Ignore("a", When = {|LANY0017:"Off"|})] public partial class Model() : Module("model") { {{member}} }""", compiles: false);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"layers.\"")]
    [InlineData("\"layers.{layers}\"")]
    public Task Fires_on_names_of_children(string name) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[CheckpointName({|LANY0017:{{name}}|})] public Linear Head { get; } = Linear(2, 2);"""));

    [Theory]
    [InlineData("[CheckpointName({|LANY0017:\"blk.\"|}, Format = \"gguf\")]")]
    [InlineData("[CheckpointName({|LANY0017:\"\"|}, Format = \"\")]")]
    [InlineData("[CheckpointName(\"a\"), CheckpointName({|LANY0017:\"b\"|})]")]
    [InlineData("[CheckpointName(\"a\")] [CheckpointName({|LANY0017:\"b\"|}, Format = \"\")]")]
    [InlineData("[CheckpointName(\"a\", Convention = \"old\"), CheckpointName({|LANY0017:\"b\"|}, Convention = \"old\")]")]
    [InlineData("[CheckpointName(\"a\", Convention = \"old\", Format = \"gguf\"), CheckpointName({|LANY0017:\"b\"|}, Convention = \"old\", Format = \"gguf\")]")]
    [InlineData("[CheckpointName({|LANY0017:\"a.\"|}, Convention = \"old\")]")]
    [InlineData("[CheckpointName(\"a\", Format = \"gguf\"), CheckpointName(\"b\"), CheckpointName({|LANY0017:\"\"|}, Format = \"gguf\")]")]
    public Task Fires_on_names_of_children_in_a_format(string names) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $"{names} public Linear Head {{ get; }} = Linear(2, 2);"));

    [Fact]
    public Task Stays_quiet_on_names() => Verify.Analyzer<NamedArgumentAnalyzer>(
        """
        [ParameterModule, CheckpointPrefix("language_model."), CheckpointPrefix("model.", Convention = "old"), CheckpointAlias("lm_head.weight", "model.embed.weight")]
        [Ignore("vision.**"), Ignore("audio.**"), Ignore("indexer.**", When = nameof(On)), Ignore("indexer.**", When = nameof(Off))]
        public partial class Model() : Module("model")
        {
            [CheckpointName("model.head"), CheckpointName("", Format = "gguf"), CheckpointName("top.head", Format = "other")] public Linear Head { get; } = Linear(2, 2);
            [CheckpointName("a", Convention = "new"), CheckpointName("", Convention = "old"), CheckpointName("b", Convention = "old", Format = "gguf")] public Linear Tail { get; } = Linear(2, 2);
            private bool On => true;
            private readonly bool Off = false;
        }
        """);

    [Theory]
    [InlineData("private bool On => true;")]
    [InlineData("public bool On { private get; set; }")]
    [InlineData("protected bool On { private get; set; } public bool Off { set { } }")]
    public Task Fires_on_a_condition_that_only_a_base_class_can_read(string member) => Verify.Analyzer<NamedArgumentAnalyzer>($$"""
        public abstract class Between() : Module("between") { {{member}} }
        [ParameterModule] public sealed partial class Mlp : Between
        {
            [Parameter("", When = {|LANY0017:"On"|}), FromCheckpoint("w", "")] public partial Parameter? W { get; private set; }
        }
        """, compiles: false);

    [Theory]
    [InlineData("protected bool On => true;")]
    [InlineData("internal readonly bool On = true;")]
    public Task Stays_quiet_on_a_condition_of_a_base_class(string member) => Verify.Analyzer<NamedArgumentAnalyzer>($$"""
        public abstract class Between() : Module("between") { {{member}} }
        [ParameterModule] public sealed partial class Mlp : Between
        {
            [Parameter("", When = nameof(On)), FromCheckpoint("w", "")] public partial Parameter? W { get; private set; }
        }
        """);

    [Theory]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"out in\", Part = \"q\"), FromCheckpoint(\"v\", \"out in\", Part = \"k\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Child(When = nameof(Has))] public Module<Tensor, Tensor>? Norm { get; private set; }")]
    [InlineData("[Parameter(\"out in\", When = nameof(Has)), FromCheckpoint(\"w\", \"out in\")] public partial Parameter? W { get; private set; }")]
    [InlineData("[Parameter(\"out in\", When = nameof(training)), FromCheckpoint(\"w\", \"out in\")] public partial Parameter? W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w.{out - 1}\", \"in\", Scale = \"s.{out}\", Offset = 1)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", BlockSize = 128)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", Packing = Packing.Mxfp4)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"{out}.{in}.weight\", \"\", Encoding = typeof(Lanyard.Published.Fp8), Scale = \"weight_scale.{in}\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"{out}.weight\", \"in\", Encoding = typeof(Lanyard.Published.Fp8), BlockSize = 128, Packing = Packing.Mxfp4)] public partial Parameter W { get; private set; }")]
    [InlineData("[PostLoad(Undo = nameof(Cut))] private void Pad() { } private void Cut() { }")]
    [InlineData("[Parameter(\"out\"), FromCheckpoint(\"w\", \"out\")] public partial Parameter W { get; private set; } [PostLoad(Undo = nameof(Cut))] private void Pad() => W = new Parameter(W); private void Cut() => W = new Parameter(W);")]
    public Task Stays_quiet(string members) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(members));

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Out => 4;
            [Axis] public int In => 3;
            public bool Has => true;
            public static bool Static => true;
            {{members}}
        }
        """;
}
