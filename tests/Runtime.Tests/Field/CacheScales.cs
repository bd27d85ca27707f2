using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A norm, and scales of a key/value cache that most checkpoints do without, under four spellings; a bias that may stay away, too.</summary>
[ParameterModule]
public sealed partial class CacheScales : Module<Tensor, Tensor>
{
    public CacheScales(Topology? topology = null)
        : base(nameof(CacheScales))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis] public int Hidden => 2;

    [Axis(Shard.Tensor)] public int Heads => 4;

    [Axis] public int Dim => 2;

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    [Parameter("", Absent = 1)]
    [FromCheckpoint("k_proj.k_scale", "")]
    [FromCheckpoint("qkv_proj.k_scale", "", Format = "fused")]
    [FromCheckpoint("k_scale", "", Format = "own")]
    [FromCheckpoint("kv_scale", "", Format = "old", Shared = true)]
    public partial Parameter KeyScale { get; private set; }

    [Parameter("", Absent = 1)]
    [FromCheckpoint("v_proj.v_scale", "")]
    [FromCheckpoint("qkv_proj.v_scale", "", Format = "fused")]
    [FromCheckpoint("v_scale", "", Format = "own")]
    [FromCheckpoint("kv_scale", "", Format = "old", Shared = true)]
    public partial Parameter ValueScale { get; private set; }

    [Parameter("pad(heads dim, 3)", Absent = 0)]
    [FromCheckpoint("bias.{heads}", "dim")]
    public partial Parameter Bias { get; private set; }

    /// <summary>What the kernel takes.</summary>
    [Parameter("")]
    public partial Parameter Product { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Product);

    [PostLoad]
    private void Multiply() => Product = new Parameter(KeyScale.mul(ValueScale), requires_grad: false);
}
