using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What a keystroke costs: lists are read once, and sizes are solved where classes changed. The counters are of the process, so no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(SolvedListsTests), DisableParallelization = true)]
[Collection(nameof(SolvedListsTests))]
public sealed class SolvedListsTests
{
    private const string Elsewhere = "class Elsewhere { int Number => 1; }";

    [Theory]
    [InlineData("Number => 1", "Number => 2")]
    [InlineData("int Number => 1;", "int Number => 1; Tensor Run(Tensor x) => x;")]
    public async Task An_edit_elsewhere_neither_reads_nor_solves(string before, string after) => Assert.Equal((0, 0), await Edited(before, after));

    [Fact]
    public async Task An_edit_of_a_body_neither_reads_nor_solves() => Assert.Equal((0, 0), await Edited("RegisterComponents();", "RegisterComponents(); Console.WriteLine();"));

    [Theory]
    [InlineData("\"norm.weight\"", "\"nrom.weight\"")]
    [InlineData("[Axis] public int HeadDim { get; }", "[Axis] private const int HeadDim = 8;")]
    [InlineData("[ConformsTo(\"list.tensors.json\")]", "[ConformsTo(\"list.tensors.json\", \"tp8\")]")]
    [InlineData("[ConformsTo(\"list.tensors.json\")]", "[ConformsTo(\"list.tensors.json\")]\n[Without(\"Layers.QueryNorm\")]")]
    public async Task A_changed_class_is_solved_again_with_the_list_that_was_read(string before, string after) => Assert.Equal((0, 1), await Edited(before, after));

    [Fact]
    public async Task A_list_that_changed_is_read_and_solved()
    {
        var compilation = Findings.Compile(SmallDecoder.Code);
        await Findings.Of(compilation, [new TextFile(SmallDecoder.File, SmallDecoder.List)]);
        Assert.Equal((1, 1), await Counted(() => Findings.Of(compilation.Clone(), [new TextFile(SmallDecoder.File, SmallDecoder.List + "\n")])));
    }

    private static async Task<(int Read, int Solved)> Edited(string before, string after)
    {
        ImmutableArray<AdditionalText> files = [new TextFile(SmallDecoder.File, SmallDecoder.List)];
        var code = SmallDecoder.Code + "\n" + Elsewhere;
        Assert.Equal((1, 1), await Counted(() => Findings.Of(Findings.Compile(code), files)));
        return await Counted(() => Findings.Of(Findings.Compile(SmallDecoder.Replaced(code, before, after)), files));
    }

    private static async Task<(int Read, int Solved)> Counted(Func<Task> run)
    {
        var (read, solved) = (SolvedLists.Read, SolvedLists.Solved);
        await run();
        return (SolvedLists.Read - read, SolvedLists.Solved - solved);
    }
}
