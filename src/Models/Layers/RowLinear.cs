using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A linear layer whose inputs are divided over tensor-parallel ranks: what they compute adds up to what comes out.</summary>
[ParameterModule]
public partial class RowLinear : Module<Tensor, Tensor>
{
    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="inputs">The width of what goes in.</param>
    /// <param name="outputs">The width of what comes out.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public RowLinear(int inputs, int outputs, bool hasBias = false)
        : base(nameof(RowLinear))
    {
        (In, Out, HasBias) = (inputs, outputs, hasBias);
        RegisterComponents();
    }

    /// <summary>The width of what goes in.</summary>
    [Axis(Shard.Tensor)]
    public int In { get; }

    /// <summary>The width of what comes out.</summary>
    [Axis]
    public int Out { get; }

    /// <summary>The width of the bias, which the first tensor-parallel rank has, so that a sum over ranks has it once.</summary>
    [Axis(Shard.FirstTensorRank)]
    public int BiasOut => Out;

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias { get; }

    /// <summary>The weight, [out in].</summary>
    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    /// <summary>The bias, [bias_out], or null.</summary>
    [Parameter("bias_out", When = nameof(HasBias))]
    [FromCheckpoint("bias", "bias_out")]
    public partial Parameter? Bias { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="input">[... in], of <c>in</c> what the rank holds.</param>
    /// <returns>[... out]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Ranks.Sum(Parameters, Parameters.Weight.Linear(input, Bias)).MoveToOuterDisposeScope();
    }
}
