extern alias runtime;

using System.Reflection;
using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class EncodingAnalyzerTests
{
    [Theory]
    [InlineData("[{|LANY0043:Codes(\"w\", CodeType.Number)|}]")]
    [InlineData("[{|LANY0043:Value(\"code\")|}]")]
    [InlineData("[{|LANY0043:Companion(\"s\", \"s\", \"1\")|}]")]
    [InlineData("[{|LANY0043:Unread(\"s\")|}]")]
    public Task Fires_on_half_an_encoding(string attributes) => Verify.Analyzer<EncodingAnalyzer>($"{attributes} static class Own;");

    [Theory]
    [InlineData("(code * scale {|LANY0043:scale|})")]
    [InlineData("code {|LANY0043:%|} scale")]
    [InlineData("code * {|LANY0043:1e99|} * scale")]
    [InlineData("code * {|LANY0043:step|} * scale")]
    [InlineData("{|LANY0043:map|}[code] * scale")]
    [InlineData("{|LANY0043:table|} * code * scale")]
    [InlineData("{|LANY0043:scale|}[code]")]
    [InlineData("{|LANY0043:scale * 2|}")]
    public Task Fires_on_values(string value) => Verify.Analyzer<EncodingAnalyzer>(
        $$"""
        [Codes("w", CodeType.UInt, Bits = 4, Word = 8)]
        [Companion("scale", "s", "1 32")]
        {{(value.Contains("table", StringComparison.Ordinal) ? "[Companion(\"table\", \"t\")]" : "")}}
        [Value("{{value}}")]
        static class Own;
        """);

    [Fact]
    public Task Fires_at_the_end_of_a_value() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.Number), Value("(code{|LANY0043:"|})] static class Own;""");

    [Fact]
    public Task Fires_on_a_number_in_json_that_is_used_as_a_table() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.UInt), Companion("offset", "j", Type = CodeType.Json, Field = "o"), Value("code + {|LANY0043:offset|}[code]")] static class Own;""");

    [Theory]
    [InlineData("CodeType.Number, Bits = {|LANY0043:8|}, Word = 8")]
    [InlineData("{|LANY0043:CodeType.Json|}")]
    [InlineData("{|LANY0043:CodeType.E2M1|}")]
    [InlineData("{|LANY0043:(CodeType)77|}")]
    [InlineData("CodeType.UInt, Word = {|LANY0043:8|}")]
    [InlineData("CodeType.UInt, Order = {|LANY0043:[1, 0]|}")]
    [InlineData("CodeType.UInt, Block = {|LANY0043:32|}")]
    [InlineData("CodeType.UInt, Axis = {|LANY0043:-2|}")]
    [InlineData("CodeType.UInt, Bits = {|LANY0043:4|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = {|LANY0043:24|}")]
    [InlineData("CodeType.UInt, Bits = {|LANY0043:9|}, Word = 8")]
    [InlineData("CodeType.UInt, Bits = {|LANY0043:33|}, Word = 64")]
    [InlineData("CodeType.UInt, Bits = {|LANY0043:-4|}, Word = 8")]
    [InlineData("CodeType.E2M1, Bits = {|LANY0043:8|}, Word = 8")]
    [InlineData("CodeType.Exponent, Bits = {|LANY0043:4|}, Word = 8")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Axis = {|LANY0043:1|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Order = {|LANY0043:[0, 2]|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Order = {|LANY0043:new[] { 1, 1 }|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 32, Order = {|LANY0043:[2, 1, 0]|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Block = {|LANY0043:31|}")]
    [InlineData("CodeType.UInt, Bits = 3, Word = 32, Block = {|LANY0043:48|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Block = {|LANY0043:-2|}")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Block = {|LANY0043:32|}, Flat = true")]
    [InlineData("CodeType.UInt, Bits = 4, Word = 8, Axis = {|LANY0043:-2|}, Flat = true")]
    public Task Fires_on_codes(string arguments) => Verify.Analyzer<EncodingAnalyzer>($"[Codes(\"w\", {arguments}), Value(\"code\")] static class Own;");

    [Theory]
    [InlineData("Companion({|LANY0043:\"code\"|}, \"s\", \"1\")")]
    [InlineData("Companion({|LANY0043:\"a b\"|}, \"s\", \"1\")")]
    [InlineData("Companion({|LANY0043:\"\"|}, \"s\", \"1\")")]
    [InlineData("Companion({|LANY0043:\"2\"|}, \"s\", \"1\")")]
    [InlineData("Companion({|LANY0043:\"scale\"|}, \"s\", \"1\")")]
    public Task Fires_on_names(string companion) => Fires_beside_a_scale(companion, unused: true);

    [Theory]
    [InlineData("Companion(\"other\", {|LANY0043:\"w\"|}, \"1\")")]
    [InlineData("Companion(\"other\", \"s\", {|LANY0043:\"1 x\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1 *\", {|LANY0043:\"0\"|})")]
    [InlineData("Companion(\"other\", \"s\", {|LANY0043:[\"1 *\", \"-1\"]|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"missing\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"other\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"scale\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"index\"|}), Companion(\"index\", \"i\", \"1 1\")")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"index\"|}), Companion(\"index\", \"i\", \"1 *\", \"* 1\")")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Through = {|LANY0043:\"index\"|}), Companion(\"index\", \"i\", \"1 *\", Through = \"last\"), Companion(\"last\", \"l\", \"1 *\")")]
    [InlineData("Companion(\"other\", \"s\", Type = {|LANY0043:CodeType.Json|})")]
    [InlineData("Companion(\"other\", \"s\", {|LANY0043:\"\"|}, Type = CodeType.Json, Field = \"f\")")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Field = {|LANY0043:\"f\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Type = CodeType.UInt, Bits = {|LANY0043:4|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\", Type = CodeType.UInt, Bits = 4, Word = 32, Axis = {|LANY0043:0|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\"), Unread({|LANY0043:\"s\"|})")]
    [InlineData("Companion(\"other\", \"s\", \"1\"), Unread({|LANY0043:\"w\"|})")]
    public Task Fires_on_companions(string companion) => Fires_beside_a_scale(companion, unused: false);

    [Fact]
    public Task Fires_on_a_companion_that_is_not_used() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.Number), Companion({|LANY0043:"scale"|}, "s", "1"), Value("code")] static class Own;""");

    [Fact]
    public Task Fires_on_a_table_that_goes_through_another() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.UInt), Companion("table", "t", Through = {|LANY0043:"index"|}), Companion("index", "i", "1 *"), Value("table[code]")] static class Own;""");

    [Fact]
    public Task Fires_on_a_table_with_two_axes() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.UInt), Companion("table", "t", Type = CodeType.UInt, Bits = 4, Word = 8, Axis = {|LANY0043:-2|}), Value("table[code]")] static class Own;""");

    [Theory]
    [InlineData("[Codes(\"w\", CodeType.UInt, Bits = 4, Word = 8, Axis = {|LANY0043:1|}, Block = 32), Value(\"code\")]")]
    [InlineData("[Codes(\"w\", CodeType.UInt), Companion(\"table\", \"t\", Absent = {|LANY0043:0|}), Value(\"table[code]\")]")]
    [InlineData("[Codes(\"w\", CodeType.UInt), Companion(\"scale\", \"s\", \"1\", Through = \"index\"), Companion(\"index\", \"i\", \"1 *\", Absent = {|LANY0043:-1|}), Value(\"code * scale\")]")]
    [InlineData("[Codes(\"w\", CodeType.UInt), Companion(\"scale\", \"s\", \"1 *\", Absent = {|LANY0043:double.NaN|}), Value(\"code * scale\")]")]
    [InlineData("[Codes(\"w\", CodeType.UInt), Companion(\"scale\", \"s\", \"1 4\", Through = {|LANY0043:\"index\"|}), Companion(\"index\", \"i\"), Value(\"code * scale * index[code]\")]")]
    [InlineData("[Codes(\"w\", CodeType.UInt), Companion(\"scale\", \"s\", {|LANY0043:\"1 x\"|}, Through = \"index\"), Companion(\"index\", \"i\", \"1 *\"), Value(\"code * scale\")]")]
    public Task Fires_once_on_an_encoding_that_a_source_names(string encoding) => Verify.Analyzer<EncodingAnalyzer>(Class("\"w\", \"out in\", Encoding = typeof(Wrong)") + encoding + " public static class Wrong;", compiles: false);

    [Fact]
    public Task Fires_on_blocks_of_flattened_values_with_two_axes() => Verify.Analyzer<EncodingAnalyzer>(
        """[Codes("w", CodeType.UInt, Flat = true), Companion("scale", "s", "64", {|LANY0043:"1 64"|}), Value("code * scale")] static class Own;""");

    [Theory]
    [InlineData("\"w\", \"out in\", Encoding = {|LANY0043:typeof(string)|}")]
    [InlineData("\"w\", \"out in\", Encoding = {|LANY0043:typeof(Mlp)|}")]
    [InlineData("{|LANY0043:\"v\"|}, \"out in\", Encoding = typeof(Own)")]
    [InlineData("{|LANY0043:\"w.{out}\"|}, \"in\", Encoding = typeof(Words)")]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Own), BlockSize = {|LANY0043:128|}")]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Own), Packing = {|LANY0043:Packing.Mxfp4|}")]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Own), Offset = {|LANY0043:1|}")]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Own), Scale = {|LANY0043:\"s\"|}")]
    [InlineData("\"w\", \"(out in)\", Encoding = {|LANY0043:typeof(Own)|}")]
    [InlineData("\"w\", \"(out in)\", Encoding = {|LANY0043:typeof(Packed)|}")]
    [InlineData("\"w.{out}.w\", \"in\", Encoding = {|LANY0043:typeof(Both)|}")]
    [InlineData("\"w\", \"out (in wide)\", Encoding = {|LANY0043:typeof(Blocks)|}")]
    [InlineData("\"w\", \"(in out)\", Encoding = {|LANY0043:typeof(Zeros)|}, Cast = true")]
    [InlineData("\"w\", \"wide out in\", Encoding = {|LANY0043:typeof(Rows)|}")]
    public Task Fires_on_sources(string source) => Verify.Analyzer<EncodingAnalyzer>(Class(source), compiles: false);

    [Theory]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Own)")]
    [InlineData("\"w\", \"out in\", Encoding = typeof(Rows)")]
    [InlineData("\"w.{out}.w\", \"in wide\", Encoding = typeof(Both), Scale = \"w.s\", Cast = true")]
    [InlineData("\"x.w\", \"wide out (in short)\", Encoding = typeof(Blocks)")]
    [InlineData("\"w\", \"out (in wide size)\", Encoding = typeof(Blocks)")]
    [InlineData("\"w\", \"(in out)\", Encoding = typeof(Lanyard.Published.Nf4Nested)", "weight")]
    [InlineData("\"w\", \"\", Encoding = typeof(Lanyard.Published.Nf4)", "weight")]
    [InlineData("\"w\", \"out in\", Encoding = null, BlockSize = 128")]
    public Task Stays_quiet(string source, string name = "w") => Verify.Analyzer<EncodingAnalyzer>(Class(source.Replace("\"w\"", $"\"{name}\"", StringComparison.Ordinal)), compiles: false);

    [Fact]
    public Task Stays_quiet_on_every_published_encoding()
    {
        var encodings = typeof(runtime::Lanyard.Topology).Assembly.GetExportedTypes().Where(type => type.Namespace == "Lanyard.Published").ToList();
        Assert.True(encodings.Count > 50);
        return Verify.Analyzer<EncodingAnalyzer>($$"""
            [ParameterModule]
            public sealed partial class All : Module
            {
                public All() : base("all") => CreateParameters();
                [Axis] public int Experts => 2;
                [Axis] public int Out => 256;
                [Axis] private const int In = 128;

                {{string.Concat(encodings.Select((type, i) => $$"""
                    [Parameter("experts out in")]
                    [FromCheckpoint("p{{i}}.{{Ending(type)}}", "experts out in", Encoding = typeof({{type.FullName}}))]
                    public partial Parameter P{{i}} { get; private set; }

                    """))}}
            }
            """);
    }

    private static string Ending(Type encoding) => encoding.GetCustomAttribute<runtime::Lanyard.CodesAttribute>()!.Tensor;

    private static Task Fires_beside_a_scale(string companion, bool unused) => Verify.Analyzer<EncodingAnalyzer>(
        $"""[Codes("w", CodeType.Number), Companion("scale", "scale", "1"), {companion}, Value("code * scale{(unused ? "" : " * other")}")] static class Own;""");

    private static string Class(string source) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Out => 4;
            [Axis] public int Size => 4;
            [Axis] private const int In = 24;
            [Axis] private const byte Wide = 3;
            [Axis] private const long Short = 4;

            [Parameter("out in"), FromCheckpoint({{source}})] public partial Parameter? W { get; private set; }
        }

        [Codes("w", CodeType.UInt), Companion("step", "s", "1 4"), Value("code * step")] public static class Own;
        [Codes("w", CodeType.UInt, Bits = 3, Word = 16, Axis = -2), Value("code")] public static class Packed;
        [Codes("w", CodeType.UInt, Bits = 3, Word = 16), Value("code")] public static class Words;
        [Codes("w", CodeType.Number), Companion("scale", "s", "1 *", "2 2"), Value("code * scale")] public static class Both;
        [Codes("w", CodeType.E2M1, Bits = 4, Word = 8, Block = 32), Value("code")] public static class Blocks;
        [Codes("w", CodeType.UInt), Companion("zero", "z", "", Type = CodeType.UInt, Bits = 4, Word = 8, Axis = -2), Value("code - zero")] public static class Zeros;
        [Codes("w", CodeType.UInt), Companion("step", "s", "1 4", Through = "index"), Companion("index", "i", "1 *", Type = CodeType.Int), Value("code * step")] public static class Rows;
        """;
}
