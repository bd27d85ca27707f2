using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Authoring;

/// <summary>A generic class with a nested one, and a parameter that only some instances have.</summary>
[ParameterModule]
public sealed partial class Pair<TItem> : Module<Tensor, Tensor>
    where TItem : Module<Tensor, Tensor>
{
    public Pair(TItem first, bool hasScale)
        : base("Pair")
    {
        (First, HasScale) = (first, hasScale);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size => 3;

    public bool HasScale { get; }

    [Parameter("size", When = nameof(HasScale))]
    [FromCheckpoint("scale", "size")]
    public partial Parameter? Scale { get; private set; }

    public TItem First { get; }

    public Inner Second { get; } = new();

    public override Tensor forward(Tensor input) => First.call(input);

    public void Give(Parameter scale) => Scale = scale;

    [ParameterModule]
    public sealed partial class Inner : Module<Tensor, Tensor>
    {
        public Inner()
            : base("Inner")
        {
            CreateParameters();
            RegisterComponents();
        }

        [Axis] public int Size => 2;

        [Parameter("size")]
        [FromCheckpoint("w", "size")]
        public partial Parameter W { get; private set; }

        public override Tensor forward(Tensor input) => input + W;
    }
}
