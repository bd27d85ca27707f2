using Lanyard.Checkpoints;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>What the shorter texts of the other families do not reach: entries of 128 tokens, choices among many entries, states that end within windows.</summary>
public sealed class DeepseekV4Tests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("deepseek-v4")]
    [InlineData("deepseek-v4-quantised")]
    public void Long_texts_are_those_of_the_reference_at_first_and_after_a_refit(string form)
    {
        using var model = Load(form);
        AssertLong(model, Fixtures.Path(form));
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(form));
        var generated = model.Generate(expected["long.input_ids"][.., ..250], newTokens: 24);
        Assert.Equal(expected["long.generated_ids"].data<long>().ToArray(), generated.contiguous().data<long>().ToArray());
        using (var checkpoint = Checkpoint.Open(Fixtures.Path(form, "refit")))
        using (var refit = model.BeginRefit(RefitMode.Staged))
        {
            refit.Write(checkpoint);
            refit.Commit();
        }
        AssertLong(model, Fixtures.Path(form, "refit"));
    }

    [Fact]
    public void Streams_between_the_layers_are_those_of_the_reference()
    {
        using var model = Load("deepseek-v4");
        using var _ = no_grad();
        using var expected = ExpectedOutputs.Read(Fixtures.Path("deepseek-v4"));
        var states = model.HiddenStates(expected.InputIds);
        Assert.Equal(expected.HiddenStates.Count, states.Count);
        Assert.All(states.Zip(expected.HiddenStates), pair => Assert.InRange(ExpectedOutputs.LargestDifference(pair.First, pair.Second), 0, Tolerance));
    }

    /// <summary>Ends of pieces in, before and behind windows of 4 and of 128, and of single tokens.</summary>
    [Theory]
    [InlineData("1 2 3 4 5 6 7 8 9")]
    [InlineData("3 4 127 128 129 255 256 257")]
    [InlineData("126 130 254 258")]
    [InlineData("128 256")]
    public void Pieces_give_what_the_whole_gives_wherever_they_end(string ends)
    {
        using var model = Load("deepseek-v4");
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path("deepseek-v4"));
        var (ids, logits) = (expected["long.input_ids"], expected["long.logits"]);
        var states = Enumerable.Range(0, model.BlockCount).Select(static _ => new PlainState()).ToList();
        var start = 0;
        foreach (var end in ends.Split(' ').Select(int.Parse).Append(277))
        {
            Assert.InRange(ExpectedOutputs.LargestDifference(model.Logits(ids[.., start..end], start, states), logits[.., start..end]), 0, Tolerance);
            start = end;
        }
        foreach (var state in states) state.Dispose();
    }

    [Fact]
    public void Ranks_compute_a_long_text_together()
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("deepseek-v4"));
        var differences = InProcessRanks.Run(3, 2, (topology, ranks) =>
        {
            using var model = AutoModel.FromPretrained<DeepseekV4ForCausalLM>(Fixtures.Path("deepseek-v4"), new PretrainedOptions { Topology = topology, Type = ScalarType.Float32 }).Join(ranks);
            using var logits = model.Logits(expected["long.input_ids"]);
            return ExpectedOutputs.LargestDifference(logits, expected["long.logits"]);
        });
        Assert.All(differences, static difference => Assert.InRange(difference, 0, Tolerance));
    }

    private static DeepseekV4ForCausalLM Load(string form) => AutoModel.FromPretrained<DeepseekV4ForCausalLM>(Fixtures.Path(form), new PretrainedOptions { Type = ScalarType.Float32 });

    private static void AssertLong(DeepseekV4ForCausalLM model, string folder)
    {
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(folder);
        Assert.InRange(ExpectedOutputs.LargestDifference(model.Logits(expected["long.input_ids"]), expected["long.logits"]), 0, Tolerance);
    }
}
