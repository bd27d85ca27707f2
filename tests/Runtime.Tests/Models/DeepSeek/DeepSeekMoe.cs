using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>A mixture of experts with its router and the shared expert.</summary>
[ParameterModule]
public sealed partial class DeepSeekMoe : Module<Tensor, Tensor>
{
    public DeepSeekMoe(DeepSeekSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekMoe))
    {
        Gate = new DeepSeekRouter(sizes, device);
        Experts = new DeepSeekExperts(sizes, topology, type, device);
        SharedExperts = new DeepSeekMlp(sizes.ExpertIntermediate, sizes.Hidden, topology, type, device);
        RegisterComponents();
    }

    public DeepSeekRouter Gate { get; }

    public DeepSeekExperts Experts { get; }

    public DeepSeekMlp SharedExperts { get; }

    public override Tensor forward(Tensor input) => SharedExperts.forward(input);
}
