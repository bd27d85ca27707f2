using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Routed experts with a post-load method that replaces a weight by a padded one, as in vLLM issue 17915.</summary>
[ParameterModule]
public sealed partial class TinyExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public TinyExperts(int experts, int intermediate, int hidden, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(TinyExperts))
    {
        (Experts, Intermediate, Hidden) = (experts, intermediate, hidden);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>How often post-load ran.</summary>
    public int Padded { get; private set; }

    /// <summary>Makes post-load fail.</summary>
    public bool FailPostLoad { get; set; }

    /// <summary>Makes the undo of post-load fail, after it has assigned.</summary>
    public bool FailUndo { get; set; }

    /// <summary>Called while post-load is undone.</summary>
    public Action? WhileUndone { get; set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W13Weight[0]);

    /// <summary>What an engine must not do.</summary>
    public void Overwrite() => W2Weight = new Parameter(torch.zeros(1), requires_grad: false);

    [PostLoad(Undo = nameof(TakePaddingAway))]
    private void PadForKernel()
    {
        var padding = (8 - (Intermediate % 8)) % 8;
        W2Weight = new Parameter(functional.pad(W2Weight, [0, padding]), requires_grad: false);
        Padded++;
        if (FailPostLoad) throw new InvalidOperationException("post-load failed on purpose");
    }

    private void TakePaddingAway()
    {
        W2Weight = new Parameter(W2Weight.narrow(2, 0, Parameters.W2Weight.ModelShape[2]), requires_grad: false);
        WhileUndone?.Invoke();
        if (FailUndo) throw new InvalidOperationException("undo failed on purpose");
    }
}
