using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>Children in every kind of place.</summary>
[ParameterModule]
public sealed partial class Tower : Module<Tensor, Tensor>
{
    public Tower()
        : base(nameof(Tower))
    {
        Layers = new ModuleList<Module<Tensor, Tensor>>(Stone(), Stone());
        Fixed = new ModuleList<Module<Tensor, Tensor>>(Stone());
        Array = [Stone(), null, Stone()];
        Listed = [Stone()];
        ReadOnly = new System.Collections.ObjectModel.ReadOnlyCollection<Module<Tensor, Tensor>>([Stone()]);
        Between = Sequential(Stone());
        (One, Only) = (Stone(), new OwnStone());
        RegisterComponents();
    }

    [CheckpointName("blocks", First = nameof(FirstBlock))]
    public ModuleList<Module<Tensor, Tensor>> Layers { get; private set; }

    public int FirstBlock => 4;

    public ModuleList<Module<Tensor, Tensor>> Fixed { get; }

    public Module<Tensor, Tensor>?[] Array { get; }

    public List<Module<Tensor, Tensor>> Listed { get; }

    public IReadOnlyList<Module<Tensor, Tensor>> ReadOnly { get; }

    public Sequential Between { get; private set; }

    public Module<Tensor, Tensor> One { get; private set; }

    public OwnStone Only { get; private set; }

    public Module<Tensor, Tensor>? Missing { get; private set; }

    public static Models.Layers.ReplicatedLinear Stone() => new(2, 2);

    public override Tensor forward(Tensor input) => One.call(input);
}
