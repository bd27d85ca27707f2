using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Four layers over some pipeline stages. The head is the embedding, which the last stage needs as well as the first.</summary>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "embed_tokens.weight")]
public sealed partial class StagedModel : Module<Tensor, Tensor>
{
    public StagedModel(Topology topology)
        : base(nameof(StagedModel))
    {
        Layers = new ModuleList<StagedLayer>([.. Enumerable.Range(0, 4).Select(layer => new StagedLayer(topology.OfLayer(layer, 4)))]);
        Parameters.Embedding.OnStages(0, ^1);
        Parameters.Norm.OnStages(^1);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; } = 3;

    [Axis] public int Hidden { get; } = 2;

    public ModuleList<StagedLayer> Layers { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed_tokens.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Embedding);
}
