using Lanyard.Checkpoints;
using Lanyard.Models.DeepseekV3;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Gemma4;
using Lanyard.Models.GlmMoeDsa;
using Lanyard.Models.Layers;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen35;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Models whose sizes are at their ends, with random weights.</summary>
internal static class OddSizes
{
    /// <summary>How many tokens a text has.</summary>
    public const int Tokens = 30;

    private const int Vocab = 37;

    private static readonly Dictionary<string, (Func<CausalLM> Make, Topology[] Ranks)> Cases = new()
    {
        ["delta net of one head"] = (() => Hybrid(new() { KeyHeads = 1, ValueHeads = 1, KeyDim = 1, ValueDim = 9, Kernel = 1 }, heads: 1, kvHeads: 1, layers: 2, full: [1]), []),
        ["delta nets alone"] = (() => Hybrid(new() { KeyHeads = 1, ValueHeads = 6, KeyDim = 3, ValueDim = 2, Kernel = 7 }, heads: 6, kvHeads: 1, layers: 2, full: []), [new(0, 2), new(0, 3), new(0, 6)]),
        ["full attention alone"] = (() => Hybrid(new() { KeyHeads = 2, ValueHeads = 2, KeyDim = 3, ValueDim = 2 }, heads: 4, kvHeads: 2, layers: 1, full: [0], tied: true), [new(0, 2), new(0, 4)]),
        ["delta nets and every expert"] = (() => Hybrid(new() { KeyHeads = 2, ValueHeads = 4, KeyDim = 3, ValueDim = 5, Kernel = 2 }, heads: 4, kvHeads: 1, layers: 2, full: [1], experts: 3), [new(0, 2), new(0, 4, 0, 2), new(0, 1, 0, 5), Placed(3), Spread]),
        ["one layer with a window of one"] = (() => new Gemma4ForCausalLM(Gemma() with { FullLayers = [], SlidingWindow = 1, Decoder = Decoder(1, 1, 1, 6) }), []),
        ["one full layer of one head"] = (() => new Gemma4ForCausalLM(Gemma() with { FullLayers = [0], GlobalHeadDim = 2, Decoder = Decoder(1, 1, 1, 6), FinalLogitSoftcapping = 5 }), []),
        ["inputs of each layer"] = (() => new Gemma4ForCausalLM(Gemma() with { FullLayers = [1, 4], NumKvSharedLayers = 3, UseDoubleWideMlp = true, HiddenSizePerLayerInput = 3, VocabSizePerLayerInput = 41, Decoder = Decoder(5, 6, 2, 4) with { TieWordEmbeddings = true } }), [new(0, 2), new(0, 3), new(0, 6)]),
        ["keys as values, of one expert"] = (() => new Gemma4ForCausalLM(Gemma() with { FullLayers = [1, 3], AttentionKEqV = true, NumGlobalKeyValueHeads = 1, NumKvSharedLayers = 2, NumExperts = 1, TopKExperts = 1, MoeIntermediateSize = 3, Decoder = Decoder(4, 4, 2, 4) }), [new(0, 2), new(0, 4), new(0, 1, 0, 2)]),
        ["keys as values, of every expert"] = (() => new Gemma4ForCausalLM(Gemma() with { FullLayers = [1], AttentionKEqV = true, NumExperts = 5, TopKExperts = 5, MoeIntermediateSize = 1, Decoder = Decoder(2, 4, 4, 4) }), [new(0, 2, 0, 3), Placed(5), Spread]),
        ["latent rank of one"] = (() => new DeepseekV3ForCausalLM(Latent(1, 1, 5, 5) with { KvLoraRank = 1, QLoraRank = 50, NGroup = 2, TopkGroup = 2, Mixture = Mixture(1, 1, 4, 4) }), []),
        ["latent attention, dense"] = (() => new DeepseekV3ForCausalLM(Latent(2, 6, 3, 1) with { Mixture = Mixture(2, 6, 4, 1, dense: [0, 1]) }), [new(0, 2), new(0, 3), new(0, 6)]),
        ["queries without a latent vector"] = (() => new DeepseekV3ForCausalLM(Latent(2, 2, 3, 5) with { QLoraRank = null }), [new(0, 2)]),
        ["latent attention with yarn"] = (() => new DeepseekV3ForCausalLM(Latent(2, 4, 3, 7) with
        {
            NGroup = 3,
            TopkGroup = 2,
            NSharedExperts = 2,
            RoutedScalingFactor = 2.5,
            Mixture = Mixture(2, 4, 9, 5) with { NormTopkProb = false, Decoder = Decoder(2, 4, 4, 6) with { TieWordEmbeddings = true, RopeScaling = new YarnScaling(40, 8) { MScale = 1, MScaleAllDim = 0.7 } } },
        }), [new(0, 2), new(0, 4, 0, 4), Placed(9), Spread]),
        ["an indexer that chooses all"] = (() => new GlmMoeDsaForCausalLM(Latent(1, 2, 3, 5) with { Indexer = new() { IndexNHeads = 1, IndexHeadDim = 7, IndexTopk = 100 } }), [new(0, 2)]),
        ["an indexer that chooses one"] = (() => new GlmMoeDsaForCausalLM(Latent(4, 2, 3, 5) with { Indexer = new() { IndexNHeads = 3, IndexHeadDim = 9, IndexTopk = 1, SharedLayers = [1, 3] } }), [new(0, 2), new(0, 2, 0, 3)]),
        ["an indexer that turns halves"] = (() => new DeepseekV32ForCausalLM(Latent(2, 3, 3, 5) with { Indexer = new() { IndexNHeads = 2, IndexHeadDim = 8, IndexTopk = 5, TurnsNeighbours = false } }), [new(0, 3)]),
        ["a text model below another"] = (() => new KimiK25ForCausalLM(Latent(2, 4, 3, 5) with { NSharedExperts = 1 }), [new(0, 2), new(0, 4, 0, 2)]),
        ["a text model below another, tied"] = (() => new KimiK25ForCausalLM(Latent(1, 4, 3, 5) with { Mixture = Mixture(1, 4, 4, 2) with { Decoder = Decoder(1, 4, 4, 6) with { TieWordEmbeddings = true } } }), [new(0, 2)]),
        ["one head of mamba, one of attention"] = (() => new NemotronHForCausalLM(Mamba("M*", 1, 1, 1, 1) with { Mamba = new() { Heads = 1, HeadDim = 3, Groups = 1, State = 1, Kernel = 1, HasConvBias = false } }), []),
        ["layers of mamba alone"] = (() => new NemotronHForCausalLM(Mamba("MM", 6, 3, 1, 1)), [new(0, 2), new(0, 3), new(0, 6)]),
        ["layers of every kind"] = (() => new NemotronHForCausalLM(Mamba("ME*-", 4, 2, 4, 1) with { TieWordEmbeddings = true }), [new(0, 2), new(0, 4), new(0, 2, 0, 4), Placed(3), Spread]),
        ["experts of one element"] = (() => new NemotronHForCausalLM(Mamba("EM", 2, 1, 1, 1) with { Mixture = new() { Experts = 3, Choices = 3, Intermediate = 1, SharedIntermediate = 1, Latent = 1, NormTopkProb = false, RoutedScalingFactor = 2 } }), [new(0, 2), new(0, 2, 0, 5)]),
        ["one stream, one group"] = (() => new DeepseekV4ForCausalLM(Compressed([new(DeepseekV4Compression.Sparse, false)], 3, 1) with { HcMult = 1, HcSinkhornIters = 1, QkRopeHeadDim = 6, SlidingWindow = 1, IndexTopk = 100, NumExpertsPerTok = 5 }), []),
        ["windows of one token"] = (() => new DeepseekV4ForCausalLM(Compressed([new(DeepseekV4Compression.Sparse, true), new(DeepseekV4Compression.Heavy, false)], 4, 2) with { SparseRate = 1, HeavyRate = 1, IndexTopk = 1 }), [new(0, 2), new(0, 2, 0, 3), Placed(5), Spread]),
        ["windows longer than the text"] = (() => new DeepseekV4ForCausalLM(Compressed([new(DeepseekV4Compression.Heavy, true), new(DeepseekV4Compression.None, false)], 6, 3) with { HeavyRate = 50, SlidingWindow = 100, Decoder = Compressed([], 6, 3).Decoder with { NumHiddenLayers = 2, TieWordEmbeddings = true } }), [new(0, 3)]),
    };

    /// <summary>The models.</summary>
    public static IEnumerable<string> Names => Cases.Keys;

    /// <summary>The ranks that divide a model: how many there are, and where experts are.</summary>
    public static Topology[] Ranks(string name) => Cases[name].Ranks;

    /// <summary>Two texts.</summary>
    public static Tensor Ids()
    {
        using var random = new Generator(3);
        return randint(0, Vocab, [2, Tokens], ScalarType.Int64, generator: random).DetachFromDisposeScope();
    }

    /// <summary>Makes a model and loads it.</summary>
    public static CausalLM Load(string name, string folder, ScalarType type = ScalarType.Float32, Topology? topology = null, bool? kernelLayouts = null)
    {
        var model = Cases[name].Make();
        model.Tree().OnRank(topology, type, kernelLayouts: kernelLayouts);
        using var checkpoint = Checkpoint.Open(folder);
        LoadPlan.Create(model.Tree(), checkpoint, new LoadOptions { AllowNarrowing = true }).Execute();
        return model;
    }

    /// <summary>Gives a model other weights.</summary>
    public static void Refit(CausalLM model, string folder, RefitMode mode)
    {
        using var checkpoint = Checkpoint.Open(folder);
        using var refit = model.Tree().BeginRefit(mode);
        refit.Write(checkpoint);
        refit.Commit();
    }

    /// <summary>Writes random weights for a model.</summary>
    public static string Weights(DirectoryInfo around, string name, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = new Generator(seed);
        using var model = Cases[name].Make();
        var tree = model.Tree();
        tree.OnRank().InitialisedByHand();
        foreach (var (parameter, value) in tree.AllParameters())
        {
            // What post-load makes is made of these.
            if (value.Entry.Sources.IsEmpty) continue;
            var values = randn(value.Value.shape, generator: random).Times(0.3);
            if (!value.Value.is_floating_point()) values = randint(0, 5, value.Value.shape, generator: random);
            value.Value.copy_(parameter.Contains("norm", StringComparison.Ordinal) || parameter.EndsWith("layer_scalar", StringComparison.Ordinal) ? values.Plus(1) : values);
        }
        var folder = Path.Combine(around.FullName, $"{seed}");
        tree.Export(folder);
        return folder;
    }

    private static Topology Spread => new(0, 2, 0, 2) { ExpertPlacement = ExpertPlacement.RoundRobin };

    private static Topology Placed(int experts) => new(0, 1, 0, 2) { ExpertPlacement = ExpertPlacement.Listed([[experts - 1, 0, 0], [.. Enumerable.Range(0, experts).Select(static expert => (long)expert)]]) };

    private static Qwen35ForCausalLM Hybrid(DeltaNetConfig deltaNet, int heads, int kvHeads, int layers, int[] full, int experts = 0, bool tied = false)
    {
        var decoder = Decoder(layers, heads, kvHeads, 6) with { TieWordEmbeddings = tied };
        return new(new Qwen35Config
        {
            Decoder = decoder,
            DeltaNet = deltaNet,
            RotaryDim = 2,
            FullAttentionLayers = full,
            Mixture = experts == 0 ? null : new MixtureConfig { Decoder = decoder, NumExperts = experts, NumExpertsPerTok = experts, MoeIntermediateSize = 5 },
            SharedExpertIntermediateSize = experts == 0 ? 0 : 1,
        });
    }

    private static Gemma4Config Gemma() => new() { Decoder = Decoder(1, 1, 1, 6), FullLayers = [], SlidingWindow = 3, GlobalHeadDim = 10 };

    private static LatentConfig Latent(int layers, int heads, int nope, int value) => new() { Mixture = Mixture(layers, heads, 4, 2), QLoraRank = 7, KvLoraRank = 5, QkNopeHeadDim = nope, VHeadDim = value };

    private static MixtureConfig Mixture(int layers, int heads, int experts, int chosen, int[]? dense = null) =>
        new() { Decoder = Decoder(layers, heads, heads, 6), NumExperts = experts, NumExpertsPerTok = chosen, MoeIntermediateSize = 3, DenseLayers = dense ?? (layers > 1 ? [0] : []) };

    private static NemotronHConfig Mamba(string pattern, int mambaHeads, int groups, int heads, int kvHeads) => new()
    {
        VocabSize = Vocab,
        HiddenSize = 23,
        Pattern = pattern,
        IntermediateSize = 11,
        Attention = new AttentionConfig { Hidden = 23, Heads = heads, KvHeads = kvHeads, HeadDim = 6 },
        Mamba = new MambaConfig { Heads = mambaHeads, HeadDim = 5, Groups = groups, State = 7, Kernel = 6 },
        Mixture = new NemotronHMoeConfig { Experts = 3, Choices = 2, Intermediate = 5, SharedIntermediate = 3 },
    };

    private static DeepseekV4Config Compressed(DeepseekV4LayerConfig[] layers, int heads, int groups) => new()
    {
        Decoder = Decoder(layers.Length, heads, 1, 6),
        Layers = [.. layers],
        QkRopeHeadDim = 2,
        QLoraRank = 40,
        OGroups = groups,
        OLoraRank = 5,
        NumExperts = 5,
        NumExpertsPerTok = 2,
        SlidingWindow = 4,
        SparseRate = 3,
        HeavyRate = 5,
        IndexNHeads = 2,
        IndexHeadDim = 8,
        IndexTopk = 2,
        HcMult = 3,
        HcSinkhornIters = 3,
    };

    private static DecoderConfig Decoder(int layers, int heads, int kvHeads, int headDim) => new()
    {
        VocabSize = Vocab,
        HiddenSize = 23,
        IntermediateSize = 11,
        NumHiddenLayers = layers,
        NumAttentionHeads = heads,
        NumKeyValueHeads = kvHeads,
        HeadDim = headDim,
    };
}
