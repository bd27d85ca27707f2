using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Two blocks, below an ignore that takes more than its author meant.</summary>
[ParameterModule]
[Ignore("**.bias", Optional = true)]
[Ignore("**_bias", Optional = true)]
[Ignore("vision.**", Optional = true)]
[Ignore("**.inv_freq", Optional = true)]
[Ignore("blocks.*.up_scale", Optional = true)]
[Ignore("blocks.*.input_scale", Optional = true)]
public sealed partial class LeftOut : Module
{
    public LeftOut(ScalarType type = ScalarType.Float32)
        : base(nameof(LeftOut))
    {
        Blocks = new ModuleList<LeftOutBlock>([new LeftOutBlock(type), new LeftOutBlock(type)]);
        RegisterComponents();
    }

    public ModuleList<LeftOutBlock> Blocks { get; }
}

/// <summary>One of its blocks.</summary>
[ParameterModule]
public sealed partial class LeftOutBlock : Module
{
    public LeftOutBlock(ScalarType type)
        : base(nameof(LeftOutBlock))
    {
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("q.weight", "out in")]
    public partial Parameter Q { get; private set; }

    [Parameter("out in")]
    [FromCheckpoint("up", "in out")]
    public partial Parameter Up { get; private set; }
}
