using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>A whole model in which nothing is wrong: merged projections, fused and single experts, post-load, a tied head and something to ignore.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.")]
[CheckpointAlias("lm_head.weight", "embed_tokens.weight")]
[Ignore("vision_model.**", Optional = true)]
public sealed partial class SmallModel : Module<Tensor, Tensor>
{
    public SmallModel(SmallSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(SmallModel))
    {
        (Vocab, Hidden) = (sizes.Vocab, sizes.Hidden);
        Layers = new ModuleList<SmallLayer>([.. Enumerable.Range(0, sizes.Layers).Select(_ => new SmallLayer(sizes))]);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; }

    [Axis] public int Hidden { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed_tokens.weight", "vocab hidden")]
    public partial Parameter EmbedTokens { get; private set; }

    public ModuleList<SmallLayer> Layers { get; }

    /// <summary>[tokens] to [tokens vocab]</summary>
    public override Tensor forward(Tensor ids)
    {
        using var hidden = EmbedTokens.index_select(0, ids);
        return functional.linear(hidden, EmbedTokens);
    }
}
