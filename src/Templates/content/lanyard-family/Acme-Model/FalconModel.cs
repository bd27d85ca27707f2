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
    public FalconModel(FalconConfig config) : base(nameof(FalconModel))
    {
        var rotary = new RotaryEmbedding(config.HeadDim, config.RopeTheta);
        EmbedTokens = new TokenEmbedding(config.VocabSize, config.HiddenSize);
        Layers = new ModuleList<FalconLayer>([.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new FalconLayer(config, rotary))]);
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
        using var positions = new Positions(0, hidden.shape[1], hidden.device);
        foreach (var layer in Layers) hidden = layer.call(hidden, positions, null);
        return Norm.call(hidden).MoveToOuterDisposeScope();
    }
}
