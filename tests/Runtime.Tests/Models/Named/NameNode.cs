using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>A node of trees of any form, whose children have names of every kind.</summary>
[ParameterModule]
[CheckpointPrefix("pre.", Convention = "new")]
public sealed partial class NameNode : Module<Tensor, Tensor>
{
    public NameNode(Func<string, NameNode?> child, int items)
        : base(nameof(NameNode))
    {
        (A, B, Items) = (child("a"), child("b"), [.. Enumerable.Range(0, items).Select(_ => child("item")!)]);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public static int Width => 2;

    public static int First => 5;

    [CheckpointName("a"), CheckpointName("alpha.x", Convention = "new"), CheckpointName("aa", Convention = "old")]
    public NameNode? A { get; }

    [CheckpointName("beta", Convention = "old"), CheckpointName("b", Convention = "new"), CheckpointName("bf", Format = "flat"), CheckpointName("bnf", Convention = "new", Format = "flat")]
    public NameNode? B { get; }

    [CheckpointName("items", First = nameof(First)), CheckpointName("", Convention = "new")]
    public List<NameNode> Items { get; }

    [Parameter("width")]
    [FromCheckpoint("w", "width")]
    [FromCheckpoint("f", "width", Format = "flat")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
