using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A vector for each token. Tokens are divided over tensor-parallel ranks in order, as many on each; what lacks on the last ones is zero. Each rank looks up
/// those that it has, and the ranks add up what they found.
/// </summary>
[ParameterModule]
public sealed partial class TokenEmbedding : Module<Tensor, Tensor>
{
    /// <summary>Makes the embedding; the values are not initialised.</summary>
    /// <param name="vocab">The number of tokens.</param>
    /// <param name="hidden">The width of a vector.</param>
    public TokenEmbedding(int vocab, int hidden)
        : base(nameof(TokenEmbedding))
    {
        (Vocab, Hidden) = (vocab, hidden);
        RegisterComponents();
    }

    /// <summary>The number of tokens.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Vocab { get; }

    /// <summary>The width of a vector.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The vectors, [vocab hidden].</summary>
    [Parameter("vocab hidden")]
    [FromCheckpoint("weight", "vocab hidden")]
    [FromCheckpoint("weight", "vocab hidden", Format = "gguf")]
    public partial Parameter Weight { get; private set; }

    /// <summary>Looks up the vectors.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">These are no tokens, or of another shape.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor inputIds)
    {
        if (inputIds.dim() != 2 || inputIds.dtype != ScalarType.Int64)
            throw new ArgumentException($"Tokens are int64, [batch sequence], but these are {inputIds.dtype}, [{string.Join(", ", inputIds.shape)}].", nameof(inputIds));
        using var scope = NewDisposeScope();
        var weight = Weight;
        var ids = inputIds.to(weight.device).flatten();
        if (Parameters.Topology.TensorSize == 1) return Found(weight, ids, inputIds).MoveToOuterDisposeScope();

        // A rank alone would not notice: to each of them some token is another's.
        if (ids.numel() > 0 && (ids.min().ReadInt64() < 0 || ids.max().ReadInt64() >= Vocab)) throw new ArgumentException($"There are {Vocab} tokens, and some of these are none of them.", nameof(inputIds));
        var first = weight.shape[0] * Parameters.Topology.TensorRank;
        var own = ids.Minus(first);
        var isOwn = own.ge(zeros_like(own)).logical_and(own.LessThan(weight.shape[0]));
        var found = Found(weight, own * isOwn.to(ScalarType.Int64), inputIds);
        return Ranks.Sum(Parameters, found * isOwn.view(inputIds.shape[0], inputIds.shape[1], 1).to(found.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of a model whose embedding is its output projection.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... vocab]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public Tensor Logits(Tensor hidden) => Ranks.Gather(Parameters, functional.linear(hidden, Weight), Vocab);

    // TorchSharp has no functional.embedding.
    private Tensor Found(Tensor weight, Tensor ids, Tensor inputIds) => weight.index_select(0, ids).view(inputIds.shape[0], inputIds.shape[1], Hidden);
}
