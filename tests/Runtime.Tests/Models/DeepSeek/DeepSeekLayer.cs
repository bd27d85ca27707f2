using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>One layer: dense, or a mixture.</summary>
[ParameterModule]
public sealed partial class DeepSeekLayer : Module<Tensor, Tensor>
{
    public DeepSeekLayer(DeepSeekSizes sizes, bool dense, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekLayer))
    {
        Hidden = sizes.Hidden;
        SelfAttn = new DeepSeekAttention(sizes, topology, type, device);
        if (dense) Mlp = new DeepSeekMlp(sizes.Intermediate, sizes.Hidden, topology, type, device);
        else Moe = new DeepSeekMoe(sizes, topology, type, device);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden")]
    [FromCheckpoint("input_layernorm.weight", "hidden")]
    public partial Parameter InputNorm { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("post_attention_layernorm.weight", "hidden")]
    public partial Parameter PostNorm { get; private set; }

    public DeepSeekAttention SelfAttn { get; }

    public DeepSeekMlp? Mlp { get; }

    [CheckpointName("mlp")] public DeepSeekMoe? Moe { get; }

    public override Tensor forward(Tensor input) => SelfAttn.forward(input);
}
