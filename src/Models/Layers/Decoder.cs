using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Embedding, layers and the last norm under the names of most families. Source: transformers, <c>modeling_llama.py</c>, <c>LlamaModel</c>.</summary>
[ParameterModule]
[Ignore("layers.{}.**", Numbers = nameof(Ahead), Optional = true)]
public sealed partial class Decoder : DecoderStack
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="vocab">The number of tokens.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="norm">The last norm.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="ahead">The numbers of layers behind those, which predict further tokens; they are left alone.</param>
    public Decoder(int vocab, int hidden, RmsNorm norm, IEnumerable<DecoderLayer> layers, IReadOnlyList<int>? ahead = null)
        : base(nameof(Decoder))
    {
        Ahead = ahead ?? [];
        EmbedTokens = new TokenEmbedding(vocab, hidden);
        Layers = new ModuleList<DecoderLayer>([.. layers]);
        Norm = norm;
        RegisterComponents();
    }

    /// <summary>The numbers of layers behind those of the model, which predict further tokens.</summary>
    public IReadOnlyList<int> Ahead { get; }

    /// <summary>The embedding.</summary>
    [CheckpointName("embed_tokens"), CheckpointName("token_embd", Format = "gguf")]
    public TokenEmbedding EmbedTokens { get; }

    /// <summary>The layers.</summary>
    [CheckpointName("layers"), CheckpointName("blk", Format = "gguf"), CheckpointName("blk", Format = "gguf-llama")]
    public ModuleList<DecoderLayer> Layers { get; }

    /// <summary>The last norm.</summary>
    [CheckpointName("norm"), CheckpointName("output_norm", Format = "gguf")]
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks => [.. Layers];

    /// <inheritdoc/>
    protected override Tensor Embed(Tensor inputIds) => EmbedTokens.call(inputIds);

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor hidden) => Norm.call(hidden);
}
