using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class AxisAnalyzerTests
{
    [Theory]
    [InlineData("[Axis] public string {|LANY0013:A|} => \"\";")]
    [InlineData("[Axis] public int? {|LANY0013:A|} => 2;")]
    [InlineData("[Axis] private double {|LANY0013:_a|} = 2;")]
    [InlineData("[Axis] public int {|LANY0013:A|} { set { } }")]
    [InlineData("[Axis] public int {|LANY0013:this|}[int i] => 2;")]
    [InlineData("[Axis] public const int {|LANY0013:A|} = 0;")]
    [InlineData("[Axis] public int HeadDim => 2; [Axis] private int {|LANY0013:_headDim|} = 2;")]
    [InlineData("[Axis(\"up\", {|LANY0013:\"\"|})] public int A => 2;")]
    [InlineData("[Axis(\"up\", \"gate\", {|LANY0013:\"up\"|})] public int A => 3;")]
    [InlineData("[{|LANY0013:Axis(\"gate\", \"up\")|}] private const byte A = 3;")]
    [InlineData("[Axis({|LANY0013:Replicate = true|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Expert, {|LANY0013:Replicate = true|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:PadTo = 64|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:PadTo = 0|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = \"heads\"|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = \"(a\"|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = \"\"|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = \"pad(b, 2)\"|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = \"b missing\"|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = nameof(A)|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Follows = nameof(B)|})] public int A => 2; [Axis({|LANY0013:Follows = \"c d\"|})] public int B => 2; [Axis({|LANY0013:Follows = nameof(A)|})] public int C => 2; [Axis] public int D => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:Follows = nameof(B)|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis(Follows = nameof(B), {|LANY0013:PadTo = 2|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis(Follows = nameof(B), {|LANY0013:Padded = true|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis({|LANY0013:Unit = 32|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Expert, {|LANY0013:Unit = 32|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:Unit = 0|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:Padded = true|})] public int A => 2;")]
    [InlineData("[Axis({|LANY0013:PadWithin = nameof(B)|})] public int A => 2; [Axis] public int B => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:PadWithin = \"missing\"|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:PadWithin = nameof(A)|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, PadTo = 4, {|LANY0013:Unit = 4|})] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, {|LANY0013:PadTo = 4|}, Replicate = true)] public int A => 2;")]
    [InlineData("[Axis(Shard.Tensor, PadTo = 4, {|LANY0013:PadWithin = nameof(B)|})] public int A => 2; [Axis] public int B => 2;")]
    public Task Fires(string members) => Verify.Analyzer<AxisAnalyzer>(Class(members));

    [Theory]
    [InlineData("[Axis] public long A { get; }")]
    [InlineData("[Axis] private readonly ulong _a = 2;")]
    [InlineData("[Axis(\"gate\", \"up\")] private const int A = 2;")]
    [InlineData("[Axis(\"gate\", \"up\")] public static short A => 2;")]
    [InlineData("[Axis(Shard.Tensor, Replicate = true)] public int A => 2; [Axis(Shard.Tensor, PadTo = 64)] public int B => 2; [Axis(Shard.Expert)] protected nint C { get; init; }")]
    [InlineData("[Axis(Shard.Tensor, PadWithin = nameof(Keys))] public int Heads => 2; [Axis(Follows = nameof(Heads))] public int Keys => 2; [Axis] public int Dim => 2; [Axis(Follows = \"keys dim\", Unit = 2)] public int Blocks => 2;")]
    [InlineData("[Axis(Shard.Tensor, Unit = 32)] public int A => 2; [Axis(Shard.Tensor, Unit = 32, Padded = true)] public int B => 2; [Axis(Shard.Tensor, Padded = true)] public int C => 2; [Axis(Shard.FirstTensorRank)] public int D => 2;")]
    [InlineData("[Axis(\"a\", \"b\", Follows = nameof(B))] private const int A = 2; [Axis(Shard.Expert)] public int B => 2;")]
    public Task Stays_quiet(string members) => Verify.Analyzer<AxisAnalyzer>(Class(members));

    [Theory]
    [InlineData("[Axis] public void A() { }")]
    [InlineData("[Axis] public event Action? A;")]
    [InlineData("[Axis] public class A;")]
    public Task Leaves_to_the_compiler_what_is_no_axis_at_all(string members) => Verify.Analyzer<AxisAnalyzer>(Class(members), compiles: false);

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            {{members}}
        }
        """;
}
