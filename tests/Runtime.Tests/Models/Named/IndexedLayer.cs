using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>A layer with an indexer, or one that leaves alone what a checkpoint has of it.</summary>
[ParameterModule]
[Ignore("indexer.**", When = nameof(HasNoIndexer))]
public sealed partial class IndexedLayer : Module<Tensor, Tensor>
{
    public IndexedLayer(bool hasIndexer)
        : base(nameof(IndexedLayer))
    {
        HasIndexer = hasIndexer;
        CreateParameters();
        RegisterComponents();
    }

    public bool HasIndexer { get; }

    public bool Strict { get; set; }

    public bool HasNoIndexer => !HasIndexer && !Strict;

    [Axis] public static int Hidden => 2;

    [Parameter("hidden")]
    [FromCheckpoint("x.weight", "hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("hidden", When = nameof(HasIndexer))]
    [FromCheckpoint("indexer.wk.weight", "hidden")]
    public partial Parameter? Wk { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
