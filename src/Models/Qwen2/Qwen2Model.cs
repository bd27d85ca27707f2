using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen2;

/// <summary>
/// Embedding, layers and the last norm. All sequences of a batch have the same length and start at position 0; there is no
/// padding. Source: transformers, <c>modeling_qwen2.py</c>, <c>Qwen2Model</c>.
/// </summary>
[ParameterModule]
public sealed partial class Qwen2Model : Module<Tensor, Tensor>
{
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the model; the values are not initialised.</summary>
    public Qwen2Model(Qwen2Config config)
        : base(nameof(Qwen2Model))
    {
        _rotary = new RotaryEmbedding(config.HeadDim, config.RopeTheta);
        EmbedTokens = new TokenEmbedding(config.VocabSize, config.HiddenSize);
        Layers = new ModuleList<Qwen2DecoderLayer>([.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new Qwen2DecoderLayer(config))]);
        Norm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        RegisterComponents();
    }

    /// <summary>The embedding.</summary>
    [CheckpointName("embed_tokens"), CheckpointName("token_embd", Format = "gguf")]
    public TokenEmbedding EmbedTokens { get; }

    /// <summary>The layers.</summary>
    [CheckpointName("layers"), CheckpointName("blk", Format = "gguf")]
    public ModuleList<Qwen2DecoderLayer> Layers { get; }

    /// <summary>The last norm.</summary>
    [CheckpointName("norm"), CheckpointName("output_norm", Format = "gguf")]
    public RmsNorm Norm { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>[batch sequence hidden], after the last norm.</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank.</exception>
    public override Tensor forward(Tensor inputIds) => Run(inputIds, null);

    /// <summary>Runs the model and keeps what lies between the layers.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>
    /// The embedding and the output of each layer, [batch sequence hidden] each; the last one is after the last norm, as in
    /// transformers.
    /// </returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank.</exception>
    public IReadOnlyList<Tensor> HiddenStates(Tensor inputIds)
    {
        var states = new List<Tensor>(Layers.Count + 1);
        states.Add(Run(inputIds, states));
        return states;
    }

    private Tensor Run(Tensor inputIds, List<Tensor>? states)
    {
        using var scope = NewDisposeScope();
        var hidden = EmbedTokens.call(inputIds);
        var rotation = _rotary.At(hidden.shape[1], hidden.device);
        foreach (var layer in Layers)
        {
            // Another handle: this one is disposed of below.
            states?.Add(hidden.alias().MoveToOuterDisposeScope());
            var before = hidden;
            hidden = layer.call(before, rotation);

            // Not left to the scope: one layer's worth is alive at a time.
            before.Dispose();
        }
        return Norm.call(hidden).MoveToOuterDisposeScope();
    }
}
