using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>An embedding, layers and a norm, named as most published models name them.</summary>
[ParameterModule]
public sealed partial class PlainTower : Module<Tensor, Tensor>
{
    public const int Tokens = 11;
    public const int Width = 6;

    public PlainTower(int layers = 3, ScalarType type = ScalarType.Float32)
        : base(nameof(PlainTower))
    {
        Layers = new ModuleList<PlainLayer>([.. Enumerable.Range(0, layers).Select(_ => new PlainLayer(type))]);
        CreateParameters(null, type);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; } = Tokens;

    [Axis] public int Hidden { get; } = Width;

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed_tokens.weight", "vocab hidden")]
    public partial Parameter EmbedTokensWeight { get; private set; }

    public ModuleList<PlainLayer> Layers { get; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter NormWeight { get; private set; }

    /// <summary>Tensors of all sizes that the names stand for, below <c>model.</c>, with the head.</summary>
    public static Dictionary<string, Tensor> Weights(int layers = 3, ScalarType type = ScalarType.Float32)
    {
        var weights = new Dictionary<string, Tensor>
        {
            ["model.embed_tokens.weight"] = torch.randn(Tokens, Width),
            ["model.norm.weight"] = torch.randn(Width),
            ["lm_head.weight"] = torch.randn(Tokens, Width),
        };
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var (name, shape) in PlainLayer.Shapes) weights[$"model.layers.{layer}.{name}"] = torch.randn(shape);
        }
        return weights.ToDictionary(item => item.Key, item => item.Value.to_type(type));
    }

    public override Tensor forward(Tensor input) => EmbedTokensWeight[input] * NormWeight;
}
