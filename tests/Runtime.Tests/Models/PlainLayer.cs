using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A layer of a <see cref="PlainTower"/>.</summary>
[ParameterModule]
public sealed partial class PlainLayer : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public PlainLayer(ScalarType type = ScalarType.Float32)
        : base(nameof(PlainLayer))
    {
        CreateParameters(null, type);
        RegisterComponents();
    }

    /// <summary>What a file has of each layer.</summary>
    public static IReadOnlyList<(string Name, long[] Shape)> Shapes { get; } =
    [
        ("input_layernorm.weight", [6]), ("post_attention_layernorm.weight", [6]),
        ("self_attn.q_proj.weight", [8, 6]), ("self_attn.k_proj.weight", [4, 6]), ("self_attn.v_proj.weight", [4, 6]), ("self_attn.o_proj.weight", [6, 8]),
        ("mlp.gate_proj.weight", [10, 6]), ("mlp.up_proj.weight", [10, 6]), ("mlp.down_proj.weight", [6, 10]),
    ];

    [Axis] public int Hidden { get; } = 6;

    [Axis] public int Queries { get; } = 8;

    [Axis] public int Keys { get; } = 4;

    [Axis] public int Intermediate { get; } = 10;

    [Parameter("hidden")]
    [FromCheckpoint("input_layernorm.weight", "hidden")]
    public partial Parameter InputNorm { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("post_attention_layernorm.weight", "hidden")]
    public partial Parameter PostNorm { get; private set; }

    [Parameter("(q: queries + k: keys + v: keys) hidden")]
    [FromCheckpoint("self_attn.q_proj.weight", "queries hidden", Part = "q")]
    [FromCheckpoint("self_attn.k_proj.weight", "keys hidden", Part = "k")]
    [FromCheckpoint("self_attn.v_proj.weight", "keys hidden", Part = "v")]
    public partial Parameter QkvWeight { get; private set; }

    [Parameter("hidden queries")]
    [FromCheckpoint("self_attn.o_proj.weight", "hidden queries")]
    public partial Parameter OWeight { get; private set; }

    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("mlp.{proj}_proj.weight", "intermediate hidden")]
    public partial Parameter GateUpWeight { get; private set; }

    [Parameter("hidden intermediate")]
    [FromCheckpoint("mlp.down_proj.weight", "hidden intermediate")]
    public partial Parameter DownWeight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, OWeight.t());
}
