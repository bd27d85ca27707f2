using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Layers with all that axes may do, over pipeline stages, with a tied head and two conventions.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.", Convention = "old")]
[CheckpointAlias("lm_head.weight", "embed_tokens.weight")]
public sealed partial class CombinedModel : Module<Tensor, Tensor>
{
    public CombinedModel(Topology topology, int layers = 3)
        : base(nameof(CombinedModel))
    {
        Layers = new ModuleList<CombinedLayer>([.. Enumerable.Range(0, layers).Select(layer => new CombinedLayer(topology.OfLayer(layer, layers)))]);
        Parameters.Embedding.OnStages(0, ^1);
        Parameters.Norm.OnStages(^1);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadTo = 4)] public int Vocab => 6;

    [Axis] public int Hidden => 2;

    [CheckpointName("layers")]
    [CheckpointName("blocks", Convention = "old")]
    public ModuleList<CombinedLayer> Layers { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed_tokens.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Embedding);
}
