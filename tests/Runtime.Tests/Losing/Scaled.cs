using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>Post-load methods that keep numbers beside the parameters: in a field, by a helper, in a property, in a static.</summary>
[ParameterModule]
public sealed partial class Scaled : Module<Tensor, Tensor>
{
    private static int s_runs;

    private float _scale;

    public Scaled()
        : base(nameof(Scaled)) => CreateParameters();

    [Axis] public int Size => 4;

    [Parameter("size")]
    [FromCheckpoint("a", "size")]
    public partial Parameter A { get; private set; }

    [Parameter("size")]
    [FromCheckpoint("b", "size")]
    public partial Parameter B { get; private set; }

    public static int Runs => s_runs;

    public float Scale => _scale;

    public float[] Table { get; private set; } = [];

    public int Undos { get; private set; }

    /// <summary>Makes the last method fail.</summary>
    public bool Fails { get; set; }

    public override Tensor forward(Tensor input) => input * A * _scale;

    [PostLoad]
    private void Measure()
    {
        Keep(A.max().ToSingle());
        s_runs++;
    }

    [PostLoad(Undo = nameof(Halve))]
    private void Twice()
    {
        (Table, B) = ([B.max().ToSingle()], new Parameter(B * 2, requires_grad: false));
        if (Fails) throw new InvalidOperationException("failed on purpose");
    }

    private void Halve()
    {
        B = new Parameter(B / 2, requires_grad: false);
        Undos++;
    }

    private void Keep(float scale) => _scale = scale;
}
