using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A vector for each token, whole on every rank.</summary>
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
    [Axis]
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
    public override Tensor forward(Tensor inputIds)
    {
        if (inputIds.dim() != 2 || inputIds.dtype != ScalarType.Int64)
            throw new ArgumentException($"Tokens are int64, [batch sequence], but these are {inputIds.dtype}, [{string.Join(", ", inputIds.shape)}].", nameof(inputIds));
        using var scope = NewDisposeScope();
        var weight = Weight;

        // TorchSharp has no functional.embedding.
        return weight.index_select(0, inputIds.to(weight.device).flatten()).view(inputIds.shape[0], inputIds.shape[1], Hidden).MoveToOuterDisposeScope();
    }
}
