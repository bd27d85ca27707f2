using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>The feed-forward part of a layer that is a mixture: stacked in GGUF files, one by one in others, under two sets of names.</summary>
[ParameterModule]
public sealed partial class GgufExperts : Module<Tensor, Tensor>
{
    public GgufExperts(GgufSizes sizes, Topology? topology, ScalarType type)
        : base(nameof(GgufExperts))
    {
        (Hidden, Experts, ExpertIntermediate) = (sizes.Hidden, sizes.Experts, sizes.ExpertIntermediate);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int ExpertIntermediate { get; }

    [Parameter("experts hidden")]
    [FromCheckpoint("gate.weight", "experts hidden")]
    [FromCheckpoint("gate.weight", "experts hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_gate_inp.weight", "experts hidden", Format = "gguf")]
    public partial Parameter Router { get; private set; }

    [Parameter("experts hidden expert_intermediate")]
    [FromCheckpoint("experts.{experts}.gate_proj.weight", "expert_intermediate hidden")]
    [FromCheckpoint("experts.{experts}.w1.weight", "expert_intermediate hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_gate_exps.weight", "experts expert_intermediate hidden", Format = "gguf")]
    public partial Parameter ExpertGate { get; private set; }

    [Parameter("experts expert_intermediate hidden")]
    [FromCheckpoint("experts.{experts}.up_proj.weight", "expert_intermediate hidden")]
    [FromCheckpoint("experts.{experts}.w3.weight", "expert_intermediate hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_up_exps.weight", "experts expert_intermediate hidden", Format = "gguf")]
    public partial Parameter ExpertUp { get; private set; }

    [Parameter("experts hidden expert_intermediate")]
    [FromCheckpoint("experts.{experts}.down_proj.weight", "hidden expert_intermediate")]
    [FromCheckpoint("experts.{experts}.w2.weight", "hidden expert_intermediate", Format = "mixtral")]
    [FromCheckpoint("ffn_down_exps.weight", "experts hidden expert_intermediate", Format = "gguf")]
    public partial Parameter ExpertDown { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Router);
}
