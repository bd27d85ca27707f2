using Lanyard;
using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acme.Models;

/// <summary>model: the embedding, the layers, the last norm.</summary>
[ParameterModule]
public sealed partial class FalconModel : Module<Tensor, Tensor>
{
    private readonly RotaryEmbedding _rotary;

    public FalconModel(FalconConfig config) : base(nameof(FalconModel))
    {
        _rotary = new RotaryEmbedding(config.HeadDim, config.RopeTheta);
        EmbedTokens = new TokenEmbedding(config.VocabSize, config.HiddenSize);
        Layers = new ModuleList<FalconLayer>([.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new FalconLayer(config))]);
        Norm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        RegisterComponents();
    }

    public TokenEmbedding EmbedTokens { get; }

    public ModuleList<FalconLayer> Layers { get; }

    public RmsNorm Norm { get; }

    public override Tensor forward(Tensor inputIds)
    {
        using var scope = NewDisposeScope();
        var hidden = EmbedTokens.call(inputIds);
        var rotation = _rotary.At(hidden.shape[1], hidden.device);
        foreach (var layer in Layers) hidden = layer.call(hidden, rotation);
        return Norm.call(hidden).MoveToOuterDisposeScope();
    }
}
