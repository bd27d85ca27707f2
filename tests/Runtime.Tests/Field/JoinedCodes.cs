using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Shards with a scale each, which are not joined.</summary>
[ParameterModule]
public sealed partial class JoinedCodes : Module<Tensor, Tensor>
{
    public JoinedCodes()
        : base(nameof(JoinedCodes))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public static int Rows => 12;

    [Axis] public static int Shards => 3;

    [Parameter("rows")]
    [FromCheckpoint("shard_{shards}.weight", "rows", Joined = "rows", Scale = "shard_{shards}.scale")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
