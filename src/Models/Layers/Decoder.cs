using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Embedding, layers and the last norm. Source: transformers, <c>modeling_llama.py</c>, <c>LlamaModel</c>.</summary>
[ParameterModule]
public sealed partial class Decoder : Module<Tensor, long, IReadOnlyList<IBlockState>?, Tensor>
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="vocab">The number of tokens.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="normEps">What is added to the mean square before its root is taken, in the last norm.</param>
    /// <param name="layers">The layers.</param>
    public Decoder(int vocab, int hidden, double normEps, IEnumerable<DecoderLayer> layers)
        : base(nameof(Decoder))
    {
        EmbedTokens = new TokenEmbedding(vocab, hidden);
        Layers = new ModuleList<DecoderLayer>([.. layers]);
        Norm = new RmsNorm(hidden, normEps);
        RegisterComponents();
    }

    /// <summary>The embedding.</summary>
    [CheckpointName("embed_tokens"), CheckpointName("token_embd", Format = "gguf")]
    public TokenEmbedding EmbedTokens { get; }

    /// <summary>The layers.</summary>
    [CheckpointName("layers"), CheckpointName("blk", Format = "gguf"), CheckpointName("blk", Format = "gguf-llama")]
    public ModuleList<DecoderLayer> Layers { get; }

    /// <summary>The last norm.</summary>
    [CheckpointName("norm"), CheckpointName("output_norm", Format = "gguf")]
    public RmsNorm Norm { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <param name="start">How many tokens were before.</param>
    /// <param name="states">What each layer keeps of them, or null where there were none.</param>
    /// <returns>[batch sequence hidden], after the last norm.</returns>
    /// <exception cref="ArgumentException">There is not one state for each layer.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Run(inputIds, start, states, null);

    /// <summary>Runs the model and keeps what lies between the layers.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>
    /// The embedding and the output of each layer, [batch sequence hidden] each; the last one is after the last norm, as in
    /// transformers.
    /// </returns>
    public IReadOnlyList<Tensor> HiddenStates(Tensor inputIds)
    {
        var between = new List<Tensor>(Layers.Count + 1);
        between.Add(Run(inputIds, 0, null, between));
        return between;
    }

    private Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states, List<Tensor>? between)
    {
        if (states is not null && states.Count != Layers.Count) throw new ArgumentException($"There are {states.Count} states for {Layers.Count} layers.", nameof(states));
        using var scope = NewDisposeScope();
        var hidden = EmbedTokens.call(inputIds);
        using var positions = new Positions(start, hidden.shape[1], hidden.device);
        for (var i = 0; i < Layers.Count; i++)
        {
            // Another handle: this one is disposed of below.
            between?.Add(hidden.alias().MoveToOuterDisposeScope());
            var before = hidden;
            hidden = Layers[i].call(before, positions, states?[i]);

            // Not left to the scope: one layer's worth is alive at a time.
            before.Dispose();
        }
        return Norm.call(hidden).MoveToOuterDisposeScope();
    }
}
