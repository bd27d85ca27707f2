using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Conformance;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What is written in the place of a name that a list lacks, or of dimensions that are the wrong way round.</summary>
public sealed class WriteInsteadFixTests
{
    private const string Swapped = """
        [FromCheckpoint("o_proj.weight", {|LANY0057:"(heads head_dim) hidden"|})]
        """;

    private const string Names = "\ninternal static class Names { public const string Norm = \"q_nrom.weight\"; }";

    [Theory]
    [InlineData("\"q_nrom.weight\"", "\"q_norm.weight\"")]
    [InlineData("@\"q_nrom.weight\"", "\"q_norm.weight\"")]
    [InlineData("\"query_norm.weight\"", "\"q_norm.weight\"")]
    [InlineData("\"experts.{experts}.upp.weight\"", "\"experts.{experts}.up.weight\"")]
    [InlineData("\"expert.{experts}.up.weight\"", "\"experts.{experts}.up.weight\"")]
    public Task A_source_gets_the_name_that_the_list_has(string before, string after) => Verify.CodeFix<MissingSourceAnalyzer, WriteInsteadFix>(
        Changed(after, $"{{|LANY0055:{before}|}}"), SmallDecoder.Code, (SmallDecoder.File, SmallDecoder.List));

    [Fact]
    public Task A_name_that_is_written_elsewhere_stays() => Verify.CodeFix<MissingSourceAnalyzer, WriteInsteadFix>(
        Changed("\"q_norm.weight\"", "{|LANY0055:Names.Norm|}") + Names,
        Changed("\"q_norm.weight\"", "{|LANY0055:Names.Norm|}") + Names,
        (SmallDecoder.File, SmallDecoder.List));

    [Fact]
    public async Task Where_no_name_is_like_it_nothing_is_written()
    {
        var code = Changed("\"q_norm.weight\"", "{|LANY0055:\"q_norm.weight\"|}");
        await Verify.CodeFix<MissingSourceAnalyzer, WriteInsteadFix>(code, code, (SmallDecoder.File, SmallDecoder.Replaced(SmallDecoder.List, """    {"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},""", "")));
    }

    [Fact]
    public Task Dimensions_the_wrong_way_round_are_swapped() => Verify.CodeFix<ContradictingSizesAnalyzer, WriteInsteadFix>(
        Changed("[FromCheckpoint(\"o_proj.weight\", \"hidden (heads head_dim)\")]", Swapped), SmallDecoder.Code, (SmallDecoder.File, SmallDecoder.List));

    [Fact]
    public async Task Sizes_that_no_order_mends_stay()
    {
        var list = SmallDecoder.Replaced(SmallDecoder.List, "[1000, 48]", "{|LANY0057:[1000, 40]|}");
        await Verify.CodeFix<ContradictingSizesAnalyzer, WriteInsteadFix>(SmallDecoder.Code, SmallDecoder.Code, (SmallDecoder.File, list));
    }

    private static string Changed(string part, string other) => SmallDecoder.Replaced(SmallDecoder.Code, part, other);
}
