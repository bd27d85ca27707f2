using Lanyard.Models.Layers;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen35;
using Lanyard.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Layers with a recurrent state: their sums over runs of tokens against one token after another, and their heads over ranks.</summary>
public sealed class RecurrentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Runs of 64, a partial one behind them, and pieces that end anywhere, some shorter than the convolution.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(67)]
    public void Runs_of_tokens_give_what_tokens_give(int piece)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var block = Filled(new GatedDeltaNet(24, new DeltaNetConfig { KeyHeads = 3, ValueHeads = 6, KeyDim = 5, ValueDim = 7 }, 1e-6));
        Assert.InRange(ExpectedOutputs.LargestDifference(InPieces(block, piece), InPieces(block, 150)), 0, 1e-4);
    }

    /// <summary>The same key again and again, never forgotten: the system of equations of a run is as far from the identity as can be.</summary>
    [Fact]
    public void Equal_keys_lose_no_digits()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var block = Filled(new GatedDeltaNet(24, new DeltaNetConfig { KeyHeads = 3, ValueHeads = 6, KeyDim = 5, ValueDim = 7 }, 1e-6));
        block.ALog.fill_(-30);
        using var random = new Generator(4);
        var hidden = randn([1, 1, 24], generator: random).expand(1, 130, 24).Times(3);
        using var all = new Positions(0, 130, CPU);
        using var state = new PlainState();
        var parts = new List<Tensor>();
        for (var start = 0; start < 130; start++)
        {
            using var one = new Positions(start, 1, CPU);
            parts.Add(block.call(hidden.narrow(1, start, 1), one, state));
        }
        Assert.InRange(ExpectedOutputs.LargestDifference(cat(parts, 1), block.call(hidden, all, null)), 0, 1e-4);
    }

    [Fact]
    public void A_state_that_saw_other_tokens_is_refused()
    {
        using var scope = NewDisposeScope();
        using var block = Filled(new GatedDeltaNet(24, new DeltaNetConfig { KeyHeads = 3, ValueHeads = 6, KeyDim = 5, ValueDim = 7 }, 1e-6));
        using var state = new PlainState();
        using Positions first = new(0, 4, CPU), later = new(5, 1, CPU);
        block.call(zeros(1, 4, 24), first, state);
        Assert.Contains("at 5 to 5, but 4 tokens were seen", Assert.Throws<ArgumentException>(() => block.call(zeros(1, 1, 24), later, state)).Message, StringComparison.Ordinal);
        Assert.Contains("at 0 to 3, but 4 tokens were seen", Assert.Throws<ArgumentException>(() => block.call(zeros(1, 4, 24), first, state)).Message, StringComparison.Ordinal);
    }

    /// <summary>Ranks that cut the value heads of a key head apart, share key heads, and have as many heads of attention as divide.</summary>
    [Theory]
    [InlineData(6, 3, 2)]
    [InlineData(12, 3, 4)]
    [InlineData(12, 3, 12)]
    [InlineData(4, 4, 4)]
    public void Ranks_compute_together_what_one_does(int heads, int keys, int ranks)
    {
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9, 2, 6, 31, 0 }).view(2, 5);
        Qwen35ForCausalLM Make() => new(new Qwen35Config
        {
            Decoder = new DecoderConfig { VocabSize = 34, HiddenSize = 24, IntermediateSize = 29, NumHiddenLayers = 2, NumAttentionHeads = heads, NumKeyValueHeads = keys, HeadDim = 10 },
            DeltaNet = new DeltaNetConfig { KeyHeads = keys, ValueHeads = heads, KeyDim = 5, ValueDim = 7 },
            RotaryDim = 4,
            FullAttentionLayers = [1],
        });
        var folder = Path.Combine(_folder.FullName, "weights");
        using (var model = Filled(Make())) model.Export(folder);
        Assert.InRange(ModelTest.Ranks(topology => Make().OnRank(topology), model => model.Logits(ids), [new Topology(0, ranks)], folder), 0, 1e-4);
    }

    /// <summary>The same of Mamba-2, whose norm is over groups: whole ones on each rank, and ones that lie over several.</summary>
    [Theory]
    [InlineData(6, 3, 2)]
    [InlineData(6, 3, 3)]
    [InlineData(12, 3, 4)]
    [InlineData(12, 3, 12)]
    [InlineData(8, 8, 4)]
    public void Ranks_normalise_groups_together(int heads, int groups, int ranks)
    {
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9, 2, 6, 31, 0 }).view(2, 5);
        NemotronHForCausalLM Make() => new(new NemotronHConfig
        {
            VocabSize = 34,
            HiddenSize = 24,
            Pattern = "M*-",
            IntermediateSize = 29,
            Attention = new AttentionConfig { Hidden = 24, Heads = heads, KvHeads = groups, HeadDim = 10 },
            Mamba = new MambaConfig { Heads = heads, HeadDim = 5, Groups = groups, State = 7, HasConvBias = heads != 8 },
            Mixture = new NemotronHMoeConfig { Experts = 1, Choices = 1, Intermediate = 1, SharedIntermediate = 1 },
        });
        var folder = Path.Combine(_folder.FullName, "weights");
        using (var model = Filled(Make())) model.Export(folder);
        Assert.InRange(ModelTest.Ranks(topology => Make().OnRank(topology), model => model.Logits(ids), [new Topology(0, ranks)], folder), 0, 1e-4);
    }

    /// <summary>Pieces of Mamba-2 that end anywhere.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(67)]
    public void Runs_without_forgetting_give_what_tokens_give(int piece)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var block = Filled(new NemotronHMixer(24, new MambaConfig { Heads = 6, HeadDim = 7, Groups = 3, State = 5 }, 1e-5));
        Assert.InRange(ExpectedOutputs.LargestDifference(InPieces(block, piece), InPieces(block, 150)), 0, 1e-4);
    }

    private static Tensor InPieces(nn.Module<Tensor, Positions, IBlockState?, Tensor> block, int piece)
    {
        using var random = new Generator(3);
        const int Tokens = 150;
        var hidden = randn([2, Tokens, 24], generator: random);
        using var state = new PlainState();
        var parts = new List<Tensor>();
        for (var start = 0; start < Tokens; start += piece)
        {
            using var some = new Positions(start, Math.Min(piece, Tokens - start), CPU);
            parts.Add(block.call(hidden.narrow(1, start, some.Count), some, state));
        }
        return cat(parts, 1);
    }

    private static T Filled<T>(T model)
        where T : nn.Module, IParameterModule
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        model.OnRank().InitialisedByHand();
        foreach (var (name, parameter) in model.AllParameters()) parameter.Value.copy_(randn(parameter.Value.shape, generator: random).Times(0.3));
        return model;
    }
}
