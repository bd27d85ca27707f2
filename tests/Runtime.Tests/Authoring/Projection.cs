using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Authoring;

/// <summary>Two parameters of different access, a buffer outside the state dictionary, and a parameter that no map knows.</summary>
[ParameterModule]
public sealed partial class Projection : Module<Tensor, Tensor>
{
    private Tensor _cos;

    public Projection(int rows = 4, int columns = 6)
        : base(nameof(Projection))
    {
        (Rows, Columns) = (rows, columns);
        _cos = ones(columns);
        Sin = zeros(columns);
        CreateParameters();
        register_buffer("cos", _cos, persistent: false);
        register_buffer("sin", Sin);
        register_parameter("by_hand", new Parameter(zeros(2), requires_grad: false));
        RegisterComponents();
        this.InitialisedByHand();
    }

    [Axis] public int Rows { get; }

    [Axis] public int Columns { get; }

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>Assigned by the runtime alone.</summary>
    [Parameter("rows")]
    [FromCheckpoint("bias", "rows")]
    public partial Parameter Bias { get; }

    [Parameter("rows", Type = ScalarType.Int32)]
    [FromCheckpoint("order", "rows")]
    private partial Parameter Order { get; init; }

    public Tensor Sin { get; private set; }

    public Tensor Cos => _cos;

    public Parameter ReadOrder() => Order;

    public override Tensor forward(Tensor input) => functional.linear(input * _cos + Sin, W13Weight, Bias);
}
