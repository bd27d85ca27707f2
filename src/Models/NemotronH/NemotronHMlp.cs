using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// A feed-forward block without a gate: down(relu(up(x))^2). The outputs of up are divided over tensor-parallel ranks, with zeros where that does not divide, as are the inputs of down.
/// Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHMLP</c>.
/// </summary>
[ParameterModule]
public sealed partial class NemotronHMlp : Module<Tensor, Tensor>
{
    /// <summary>Makes the block; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width.</param>
    public NemotronHMlp(int hidden, int intermediate)
        : base(nameof(NemotronHMlp))
    {
        (Hidden, Intermediate) = (hidden, intermediate);
        RegisterComponents();
    }

    /// <summary>The inner width.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The up projection, [intermediate hidden].</summary>
    [Parameter("intermediate hidden")]
    [FromCheckpoint("up_proj.weight", "intermediate hidden")]
    [FromCheckpoint("up_proj.weight", "intermediate hidden", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("up_proj.weight", "intermediate hidden", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter UpWeight { get; private set; }

    /// <summary>The down projection, [hidden intermediate].</summary>
    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter DownWeight { get; private set; }

    /// <summary>Runs the block.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var up = Parameters.UpWeight.Linear(hidden).relu();
        return Ranks.Sum(Parameters, Parameters.DownWeight.Linear(up * up)).MoveToOuterDisposeScope();
    }
}
