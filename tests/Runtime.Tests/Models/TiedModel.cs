using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>An embedding with two other names, one of which is the end of its own; a bias that some instances have; a layer to ignore.</summary>
[ParameterModule]
[CheckpointPrefix("text.")]
[CheckpointAlias("lm_head.weight", "model.embed_tokens.weight")]
[CheckpointAlias("embed_tokens.weight", "model.embed_tokens.weight")]
[Ignore("model.layers.3.**")]
[Ignore("extra.*", Optional = true)]
public sealed partial class TiedModel : Module<Tensor, Tensor>
{
    public TiedModel(bool hasBias = false)
        : base(nameof(TiedModel))
    {
        HasBias = hasBias;
        CreateParameters();
        RegisterComponents();
    }

    public bool HasBias { get; }

    [Axis] public int Vocab { get; } = 5;

    [Axis] public int Hidden { get; } = 3;

    [Parameter("vocab hidden")]
    [FromCheckpoint("model.embed_tokens.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("hidden", When = nameof(HasBias))]
    [FromCheckpoint("model.bias", "hidden")]
    public partial Parameter? Bias { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Embedding, Bias);
}
