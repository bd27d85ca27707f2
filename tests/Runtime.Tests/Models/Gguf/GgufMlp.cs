using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>The feed-forward part of a dense layer.</summary>
[ParameterModule]
public sealed partial class GgufMlp : Module<Tensor, Tensor>
{
    public GgufMlp(GgufSizes sizes, Topology? topology, ScalarType type)
        : base(nameof(GgufMlp))
    {
        (Hidden, Intermediate) = (sizes.Hidden, sizes.Intermediate);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Parameter("intermediate hidden")]
    [FromCheckpoint("gate_proj.weight", "intermediate hidden")]
    [FromCheckpoint("ffn_gate.weight", "intermediate hidden", Format = "gguf")]
    public partial Parameter Gate { get; private set; }

    [Parameter("intermediate hidden")]
    [FromCheckpoint("up_proj.weight", "intermediate hidden")]
    [FromCheckpoint("ffn_up.weight", "intermediate hidden", Format = "gguf")]
    public partial Parameter Up { get; private set; }

    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("ffn_down.weight", "hidden intermediate", Format = "gguf")]
    public partial Parameter Down { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Gate);
}
