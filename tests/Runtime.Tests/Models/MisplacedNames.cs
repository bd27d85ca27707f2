using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>An alias the wrong way round, and a child that writes its own from the root.</summary>
[ParameterModule]
[CheckpointAlias("own", "second")]
public sealed partial class MisplacedNames : Module
{
    public MisplacedNames()
        : base(nameof(MisplacedNames))
    {
        Body = new MisplacedBody();
        RegisterComponents();
    }

    [Axis] public int Size => 3;

    [Parameter("size")]
    [FromCheckpoint("own", "size")]
    public partial Parameter Own { get; private set; }

    public MisplacedBody Body { get; }
}

[ParameterModule]
[CheckpointAlias("head", "body.weight")]
[CheckpointAlias("tail", "gone")]
[Ignore("body.inv_freq")]
public sealed partial class MisplacedBody : Module
{
    public MisplacedBody()
        : base(nameof(MisplacedBody)) => RegisterComponents();

    [Axis] public int Size => 3;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }
}
