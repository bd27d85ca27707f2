using Lanyard.Models.DeepseekV3;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Gemma4;
using Lanyard.Models.GlmMoeDsa;
using Lanyard.Models.GptOss;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using Lanyard.Models.MiniMaxM2;
using Lanyard.Models.Mixtral;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen3;
using Lanyard.Models.Qwen35;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Testing;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>All sizes equal: what shapes cannot tell apart, values do. Each family loads, exports and refits in each of its forms, and ranks that divide everything compute together what one does.</summary>
public sealed class SquareTests : IDisposable
{
    private const int Size = 32;
    private const int Heads = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public static TheoryData<string> Families => ["llama", "qwen2", "qwen3", "mixtral", "qwen3-moe", "gpt-oss", "minimax-m2", "qwen3-5", "qwen3-5-moe", "nemotron-h", "gemma4", "gemma4-moe", "deepseek-v4", "deepseek-v3", "deepseek-v3-plain", "glm-moe-dsa"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_form_loads_exports_and_refits_and_ranks_compute_together_what_one_does(string family)
    {
        switch (family)
        {
            case "llama": Check(family, () => new LlamaForCausalLM(Decoder())); break;
            case "qwen2": Check(family, () => new Qwen2ForCausalLM(Decoder())); break;
            case "qwen3": Check(family, () => new Qwen3ForCausalLM(Decoder())); break;
            case "mixtral": Check(family, () => new MixtralForCausalLM(Mixture())); break;
            case "qwen3-moe": Check(family, () => new Qwen3MoeForCausalLM(Mixture())); break;
            case "gpt-oss": Check(family, () => new GptOssForCausalLM(new GptOssConfig { Mixture = Mixture() with { Decoder = Decoder() with { AttentionBias = true } }, SlidingWindow = 3, WindowedLayers = [0] })); break;
            case "qwen3-5": Check(family, () => new Qwen35ForCausalLM(Hybrid())); break;
            case "qwen3-5-moe": Check(family, () => new Qwen35ForCausalLM(Hybrid() with { Mixture = Mixture(), SharedExpertIntermediateSize = Size })); break;
            case "deepseek-v4": Check(family, () => new DeepseekV4ForCausalLM(Compressed())); break;
            case "gemma4": Check(family, () => new Gemma4ForCausalLM(Gemma4() with { NumKvSharedLayers = 2, UseDoubleWideMlp = true, HiddenSizePerLayerInput = Size, VocabSizePerLayerInput = Size })); break;
            case "gemma4-moe": Check(family, () => new Gemma4ForCausalLM(Gemma4() with { AttentionKEqV = true, NumExperts = Heads, TopKExperts = 2, MoeIntermediateSize = Size })); break;
            case "deepseek-v3": Check(family, () => new DeepseekV3ForCausalLM(Latent())); break;
            case "deepseek-v3-plain": Check(family, () => new DeepseekV3ForCausalLM(Latent() with { QLoraRank = null })); break;
            case "glm-moe-dsa": Check(family, () => new GlmMoeDsaForCausalLM(Latent() with { Indexer = new IndexerConfig { IndexNHeads = Heads, IndexHeadDim = Size / 2, IndexTopk = 3, SharedLayers = [1] } })); break;
            case "nemotron-h": Check(family, () => new NemotronHForCausalLM(Nemotron())); break;
            default: Check(family, () => new MiniMaxM2ForCausalLM(Mixture(), rotaryDim: 4)); break;
        }
    }

    private void Check<T>(string family, Func<T> make)
        where T : CausalLM, ICausalLM
    {
        ModelTest.Check(topology => make().OnRank(topology, ScalarType.BFloat16), new ModelTestOptions { SizesMayBeEqual = true, Ranks = [new Topology(0, 2, 0, family is "llama" or "qwen2" or "qwen3" or "qwen3-5" or "gemma4" ? 1 : 2)] });
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9, 2, 6, 31, 0 }).view(2, 5);
        Assert.InRange(ModelTest.Ranks(topology => make().OnRank(topology), model => model.Logits(ids), [new Topology(0, 2), new Topology(0, 4), new Topology(0, 2, 0, 2)], Weights(family, make())), 0, 1e-3);
    }

    // Of any values the norms would make a lottery of the last digits: small ones, as training has them.
    private string Weights<T>(string family, T made)
        where T : CausalLM, ICausalLM
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        using var model = made.OnRank();
        model.InitialisedByHand();
        foreach (var (name, parameter) in model.AllParameters())
        {
            // What post-load makes is made of these.
            if (parameter.Entry.Sources.IsEmpty) continue;
            var values = randn(parameter.Value.shape, generator: random).Times(0.1);

            // Whole numbers are those of experts.
            if (!parameter.Value.is_floating_point()) values = randint(0, Heads, parameter.Value.shape, generator: random);
            parameter.Value.copy_(name.Contains("norm", StringComparison.Ordinal) ? values.Plus(1) : values);
        }
        var folder = Path.Combine(_folder.FullName, family);
        model.Export(folder);
        return folder;
    }

    private static DeepseekV4Config Compressed() => new()
    {
        Decoder = Decoder() with { NumHiddenLayers = 4, NumKeyValueHeads = 1, HeadDim = Size },
        Layers = [new(DeepseekV4Compression.None, true), new(DeepseekV4Compression.Sparse, false), new(DeepseekV4Compression.Heavy, false), new(DeepseekV4Compression.Sparse, false)],
        QkRopeHeadDim = 4,
        QLoraRank = Size,
        OGroups = Heads,
        OLoraRank = Size,
        NumExperts = Heads,
        NumExpertsPerTok = 2,
        SparseRate = 2,
        HeavyRate = Heads,
        IndexNHeads = Heads,
        IndexHeadDim = Size,
        IndexTopk = 1,
        HcMult = Heads,
    };

    private static Gemma4Config Gemma4() => new() { Decoder = Decoder() with { NumHiddenLayers = 4, TieWordEmbeddings = true }, FullLayers = [1, 3], SlidingWindow = 3, GlobalHeadDim = Size / Heads, FinalLogitSoftcapping = 30 };

    private static LatentConfig Latent() => new() { Mixture = Mixture(), QLoraRank = Size, KvLoraRank = Size, QkNopeHeadDim = Size / Heads, VHeadDim = Size / Heads, NGroup = 2, NSharedExperts = 1 };

    private static MixtureConfig Mixture() => new() { Decoder = Decoder(), NumExperts = Heads, NumExpertsPerTok = 2, MoeIntermediateSize = Size };

    private static Qwen35Config Hybrid() => new()
    {
        Decoder = Decoder(),
        DeltaNet = new DeltaNetConfig { KeyHeads = Heads, ValueHeads = Heads, KeyDim = Size / Heads, ValueDim = Size / Heads },
        RotaryDim = 4,
        FullAttentionLayers = [1],
    };

    private static NemotronHConfig Nemotron() => new()
    {
        VocabSize = Size,
        HiddenSize = Size,
        Pattern = "M*E-",
        IntermediateSize = Size,
        Attention = new AttentionConfig { Hidden = Size, Heads = Heads, KvHeads = Heads, HeadDim = Size / Heads },
        Mamba = new MambaConfig { Heads = Heads, HeadDim = Size / Heads, Groups = Heads, State = Size / Heads },
        Mixture = new NemotronHMoeConfig { Experts = Heads, Choices = 2, Intermediate = Size, SharedIntermediate = Size, Latent = Size },
    };

    private static DecoderConfig Decoder() => new()
    {
        VocabSize = Size,
        HiddenSize = Size,
        IntermediateSize = Size,
        NumHiddenLayers = 2,
        NumAttentionHeads = Heads,
        NumKeyValueHeads = Heads,
        HeadDim = Size / Heads,
    };
}
