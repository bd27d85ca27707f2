using Acme.Models;
using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Qwen3;

[ParameterModule]
public sealed partial class Qwen3ForCausalLM : Module<Tensor, Tensor>, IModelFamily<Qwen3ForCausalLM>
{
    public Qwen3ForCausalLM(FalconConfig config) : base(nameof(Qwen3ForCausalLM))
    {
        Model = new FalconModel(config with { QueryKeyNorms = true });
        LmHead = new TokenHead(config.VocabSize, config.HiddenSize);
        RegisterComponents();
    }
    public static IReadOnlyList<string> ModelTypes => ["qwen3"];
    public FalconModel Model { get; }
    public TokenHead LmHead { get; }
    public static Qwen3ForCausalLM FromConfig(PretrainedConfig config) => new(FalconConfig.Read(config.Json, config.Source, ModelTypes));
    public override Tensor forward(Tensor inputIds)
    {
        using var hidden = Model.call(inputIds);
        return LmHead.call(hidden);
    }
}
