using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class ListNumbersAnalyzerTests
{
    [Theory]
    [InlineData("First = {|LANY0046:\"Nobody\"|}")]
    [InlineData("First = {|LANY0046:nameof(Text)|}")]
    [InlineData("First = {|LANY0046:nameof(Each)|}")]
    [InlineData("First = {|LANY0046:nameof(Hidden)|}")]
    [InlineData("Total = {|LANY0046:\"Nobody\"|}")]
    [InlineData("Total = {|LANY0046:nameof(Method)|}")]
    [InlineData("Numbers = {|LANY0046:nameof(Count)|}")]
    [InlineData("Numbers = {|LANY0046:nameof(Longs)|}")]
    [InlineData("Numbers = {|LANY0046:nameof(Sequence)|}")]
    [InlineData("First = nameof(Count), Numbers = {|LANY0046:nameof(Each)|}")]
    public Task Fires_on_members_that_are_not_there_or_do_not_fit(string arguments) => Verify.Analyzer<ListNumbersAnalyzer>(
        Class($$"""[CheckpointName("layers", {{arguments}})] public ModuleList<Linear> Layers { get; } = new();"""), compiles: false);

    [Theory]
    [InlineData("""[CheckpointName("a", First = {|LANY0046:nameof(Count)|})] public Linear L { get; } = Linear(1, 1);""")]
    [InlineData("""[CheckpointName("a", Total = {|LANY0046:nameof(Count)|})] public ModuleDict<Linear> L { get; } = null!;""")]
    [InlineData("""[CheckpointName("a", First = nameof(Count)), CheckpointName("b", Format = "gguf", First = {|LANY0046:nameof(Size)|})] public List<Linear> L { get; } = [];""")]
    [InlineData("""[CheckpointName("a", First = nameof(Count)), CheckpointName("b", Format = "gguf", Numbers = {|LANY0046:nameof(Each)|})] public List<Linear> L { get; } = [];""")]
    public Task Fires_on_what_has_no_items_and_on_two_numberings(string child) => Verify.Analyzer<ListNumbersAnalyzer>(Class(child));

    [Theory]
    [InlineData("First = nameof(Count)")]
    [InlineData("First = nameof(Size), Total = nameof(Count)")]
    [InlineData("First = nameof(Field), Total = nameof(Constant)")]
    [InlineData("Numbers = nameof(Each), Total = nameof(Constant)")]
    [InlineData("Numbers = nameof(Some)")]
    [InlineData("Total = nameof(Count)")]
    public Task Stays_quiet(string arguments) => Verify.Analyzer<ListNumbersAnalyzer>(
        Class($$"""[CheckpointName("layers", {{arguments}}), CheckpointName("l", Convention = "old", {{arguments}})] public ModuleList<Linear> Layers { get; } = new(); [CheckpointName("layers", First = nameof(Count))] public Linear[] More { get; } = [];"""));

    [Theory]
    [InlineData("\"layers.{}.**\", Numbers = {|LANY0046:nameof(Count)|}")]
    [InlineData("\"layers.{}.**\", Numbers = {|LANY0046:\"Nobody\"|}")]
    [InlineData("{|LANY0046:\"layers.{}.**\"|}")]
    [InlineData("{|LANY0046:\"layers.{ahead}.**\"|}")]
    [InlineData("\"layers.**\", Numbers = {|LANY0046:nameof(Each)|}")]
    [InlineData("\"layers.{}.{}\", Numbers = {|LANY0046:nameof(Each)|}")]
    [InlineData("\"layers.{ahead}.**\", Numbers = {|LANY0046:nameof(Each)|}")]
    public Task Fires_on_ignores_whose_numbers_are_not_there_or_have_no_place(string ignore) => Verify.Analyzer<ListNumbersAnalyzer>(
        Class("").Replace("[ParameterModule]", $"[ParameterModule, Ignore({ignore})]", StringComparison.Ordinal), compiles: false);

    [Theory]
    [InlineData("\"layers.{}.**\", Numbers = nameof(Each)")]
    [InlineData("\"layers.{}.**\", Numbers = nameof(Some), When = nameof(IsOn)")]
    [InlineData("\"layers.*.**\"")]
    public Task Stays_quiet_on_ignores(string ignore) => Verify.Analyzer<ListNumbersAnalyzer>(
        Class("public bool IsOn => true;").Replace("[ParameterModule]", $"[ParameterModule, Ignore({ignore})]", StringComparison.Ordinal));

    private static string Class(string members) => $$"""
        public abstract class Between() : Module("between") { private int Hidden => 1; protected long Size => 2; }
        [ParameterModule] public sealed partial class Model : Between
        {
            public int Count => 3;
            public string Text => "";
            public int[] Each => [];
            public List<int>? Some { get; }
            public long[] Longs => [];
            public IEnumerable<int> Sequence => [];
            private readonly byte Field = 1;
            private const ulong Constant = 4;
            public int Method() => Field;
            {{members}}
        }
        """;
}
