using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A class that breaks every rule, as one can that is built without analyzers.</summary>
[ParameterModule]
public sealed partial class Loose : Module
{
    public Loose(Parameter? weight = null, bool creates = true)
        : base(nameof(Loose))
    {
        if (weight is not null) Weight = weight;
        else if (creates) CreateParameters();
    }

    [Axis] public int Size => 4;

    /// <summary>Doubled after each load.</summary>
    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    /// <summary>Stays as it was loaded.</summary>
    [Parameter("size")]
    [FromCheckpoint("bias", "size")]
    public partial Parameter Bias { get; private set; }

    /// <summary>Called by post-load, out of its sight.</summary>
    public Action? Hidden { get; set; }

    public void Assign(Parameter value) => Bias = value;

    public void Register(Parameter value) => ConditionallyRegisterParameter("bias", value);

    public void CreateAgain(Topology topology) => CreateParameters(topology);

    public object Clone() => MemberwiseClone();

    [PostLoad]
    private void Double()
    {
        Weight = new Parameter(Weight * 2, requires_grad: false);
        Hidden?.Invoke();
    }
}
