using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A linear layer whose outputs are divided over tensor-parallel ranks: each computes its part of what comes out.</summary>
[ParameterModule]
public partial class ColumnLinear : Module<Tensor, Tensor>
{
    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="inputs">The width of what goes in.</param>
    /// <param name="outputs">The width of what comes out.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public ColumnLinear(int inputs, int outputs, bool hasBias = false)
        : base(nameof(ColumnLinear))
    {
        (In, Out, HasBias) = (inputs, outputs, hasBias);
        RegisterComponents();
    }

    /// <summary>The width of what goes in.</summary>
    [Axis]
    public int In { get; }

    /// <summary>The width of what comes out.</summary>
    [Axis(Shard.Tensor)]
    public int Out { get; }

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias { get; }

    /// <summary>The weight, [out in].</summary>
    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    /// <summary>The bias, [out], or null.</summary>
    [Parameter("out", When = nameof(HasBias))]
    [FromCheckpoint("bias", "out")]
    public partial Parameter? Bias { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="input">[... in]</param>
    /// <returns>[... out], of <c>out</c> what the rank holds.</returns>
    public override Tensor forward(Tensor input) => Parameters.Weight.Linear(input, Bias);
}
