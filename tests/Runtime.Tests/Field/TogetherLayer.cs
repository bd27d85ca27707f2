using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Everything at once: formats with constants and absence, repeats, shared sources, padded sources, codes with what may be absent.</summary>
[ParameterModule]
[CheckpointAlias("values.weight", "keys.weight")]
[Ignore("indexer.*", When = nameof(HasIndexer), Optional = true)]
public sealed partial class TogetherLayer : Module<Tensor, Tensor>
{
    public TogetherLayer(Topology? topology = null, bool indexer = false)
        : base(nameof(TogetherLayer))
    {
        HasIndexer = indexer;
        CreateParameters(topology);
        RegisterComponents();
    }

    public bool HasIndexer { get; }

    [Axis(Shard.Tensor)] public int Heads => 2;

    [Axis] public int Dim => 2;

    [Axis] public int Hidden => 4;

    [Axis("gate", "up")] private const int Proj = 2;

    [Axis] public int Experts => 2;

    [Axis] public int In => 3;

    [Parameter("(q: heads dim + k: heads dim + v: heads dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(heads dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(heads dim) hidden", Part = "v")]
    [FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q", Scale = "q_proj.weight_scale_inv", BlockSize = 2, Format = "fp8")]
    [FromCheckpoint("k_proj.weight", "(heads dim) hidden", Part = "k", Scale = "k_proj.weight_scale_inv", BlockSize = 2, Format = "fp8")]
    [FromCheckpoint("v_proj.weight", "(heads dim) hidden", Part = "v", Format = "fp8")]
    [FromCheckpoint("q_proj.weight", "hidden (heads dim)", Part = "q", Format = "turned")]
    [FromCheckpoint("kv_t.weight", "hidden (k: heads dim + v: heads dim)", Format = "turned")]
    public partial Parameter Qkv { get; private set; }

    [Parameter("(q: heads dim + k: heads dim + v: heads dim)", Absent = 3)]
    [FromCheckpoint("q_proj.bias", "(heads dim)", Part = "q")]
    [FromCheckpoint("v_proj.bias", "(heads dim)", Part = "v")]
    [FromCheckpoint("qkv.bias", "(q: heads dim + k: heads dim + v: heads dim)", Format = "turned")]
    [Constant("k", 5, Format = "")]
    public partial Parameter Bias { get; private set; }

    [Parameter("proj", Absent = 1)]
    [FromCheckpoint("gate_up.input_scale", "", Repeat = "proj")]
    [FromCheckpoint("{proj}.input_scale", "", Format = "turned")]
    public partial Parameter InputScale { get; private set; }

    [Parameter("heads")]
    [FromCheckpoint("A_log", "pad(heads, 4)")]
    public partial Parameter ALog { get; private set; }

    [Parameter("(k: heads dim + v: heads dim) hidden")]
    [FromCheckpoint("keys.weight", "(heads dim) hidden", Part = "k", Shared = true)]
    [FromCheckpoint("keys.weight", "(heads dim) hidden", Part = "v", Shared = true)]
    public partial Parameter KeyValue { get; private set; }

    [Parameter("heads hidden dim")]
    [FromCheckpoint("keys.weight", "(heads dim) hidden", Shared = true)]
    public partial Parameter Turned { get; private set; }

    [Parameter("experts hidden in")]
    [FromCheckpoint("{experts}.weight", "hidden in")]
    [FromCheckpoint("{experts}.weight", "hidden in", Encoding = typeof(MaybeScaled.Codes8), Format = "int8")]
    public partial Parameter Packed { get; private set; }

    /// <summary>What is made.</summary>
    [Parameter("(q: heads dim + k: heads dim + v: heads dim) hidden")]
    public partial Parameter Product { get; private set; }

    [Parameter("heads")]
    public partial Parameter Scaled { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Product);

    [PostLoad]
    private void Multiply()
    {
        using var column = Bias.unsqueeze(1);
        Product = new Parameter(Qkv.mul(column), requires_grad: false);
    }

    [PostLoad]
    private void Scale()
    {
        using var first = InputScale[0];
        using var packed = Packed.sum();
        using var both = first.mul(packed);
        Scaled = new Parameter(ALog.mul(both), requires_grad: false);
    }
}
