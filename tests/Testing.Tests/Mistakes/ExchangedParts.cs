using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Queries where keys belong, and keys where queries belong.</summary>
[ParameterModule]
public sealed partial class ExchangedParts : Module<Tensor, Tensor>
{
    public ExchangedParts(int heads, int kvHeads)
        : base(nameof(ExchangedParts))
    {
        (Heads, KvHeads) = (heads, kvHeads);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Heads { get; }

    [Axis] public int KvHeads { get; }

    [Axis] public int HeadDim => 6;

    [Axis] public int Hidden => 10;

    [Parameter("(q: heads head_dim + k: kv_heads head_dim) hidden")]
    [FromCheckpoint("k_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("q_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
