using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>One layer: a norm and one of four kinds of blocks, whose output is added to what went into the norm. Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHBlock</c>.</summary>
[ParameterModule]
public sealed partial class NemotronHBlock : Module<Tensor, Positions, IBlockState?, Tensor>
{
    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="kind">M for Mamba-2, * for attention, E for a mixture of experts, - for a feed-forward block.</param>
    public NemotronHBlock(NemotronHConfig config, char kind)
        : base(nameof(NemotronHBlock))
    {
        Norm = new RmsNorm(config.HiddenSize, config.NormEps);
        Mixer = kind switch
        {
            'M' => new NemotronHMixer(config.HiddenSize, config.Mamba, config.NormEps),
            '*' => new GroupedAttention(config.Attention),
            'E' => new NemotronHMoe(config.HiddenSize, config.Mixture),
            _ => new NemotronHMlp(config.HiddenSize, config.IntermediateSize),
        };
        RegisterComponents();
    }

    /// <summary>The norm.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <summary>The block.</summary>
    [Child(typeof(NemotronHMixer), typeof(GroupedAttention), typeof(NemotronHMoe), typeof(NemotronHMlp))]
    public Module Mixer { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">What the block keeps of the tokens before, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var normed = Norm.call(hidden);
        return hidden.Plus(Mixer is Module<Tensor, Tensor> alone ? alone.call(normed) : ((Module<Tensor, Positions, IBlockState?, Tensor>)Mixer).call(normed, positions, state)).MoveToOuterDisposeScope();
    }
}
