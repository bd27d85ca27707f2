using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>The output projection: a logit for each token. Tokens are divided over tensor-parallel ranks as those of <see cref="TokenEmbedding"/>, and every rank gets all logits.</summary>
[ParameterModule]
public partial class TokenHead : Module<Tensor, Tensor>
{
    /// <summary>Makes the projection; the values are not initialised.</summary>
    /// <param name="vocab">The number of tokens.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    public TokenHead(int vocab, int hidden)
        : base(nameof(TokenHead))
    {
        (Vocab, Hidden) = (vocab, hidden);
        RegisterComponents();
    }

    /// <summary>The number of tokens.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Vocab { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The projection, [vocab hidden].</summary>
    [Parameter("vocab hidden")]
    [FromCheckpoint("weight", "vocab hidden")]
    [FromCheckpoint("weight", "vocab hidden", Format = "gguf")]
    public partial Parameter Weight { get; private set; }

    /// <summary>Computes the logits.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... vocab]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden) => Ranks.Gather(Parameters, Parameters.Weight.Linear(hidden), Vocab);
}
