using Lanyard;
using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acme.Models;

/// <summary>The model with its output projection, which may be the embedding.</summary>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.embed_tokens.weight")]    // some files of tied models store both
public sealed partial class FalconForCausalLM : Module<Tensor, Tensor>, IModelFamily<FalconForCausalLM>
{
    public FalconForCausalLM(FalconConfig config) : base(nameof(FalconForCausalLM))
    {
        Model = new FalconModel(config);
        if (!config.TieWordEmbeddings) LmHead = new TokenHead(config.VocabSize, config.HiddenSize);
        RegisterComponents();
    }

    // What config.json says where it is of this family.
    public static IReadOnlyList<string> ModelTypes => ["falcon"];

    public static IReadOnlyList<string> Architectures => ["FalconForCausalLM"];

    public FalconModel Model { get; }

    /// <summary>Null where the embedding is the head.</summary>
    public TokenHead? LmHead { get; }

    // The classes begin as those of Qwen2: without it once they are another's.
    public static FalconForCausalLM FromConfig(PretrainedConfig config) => new(FalconConfig.Read(config.Json, config.Source, [.. ModelTypes, "qwen2"]));

    /// <summary>From tokens [batch sequence], int64, to logits [batch sequence vocab].</summary>
    public override Tensor forward(Tensor inputIds)
    {
        using var hidden = Model.call(inputIds);
        return LmHead?.call(hidden) ?? Model.EmbedTokens.Logits(hidden);
    }
}
