using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Layers of everything below names of three ways.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.", Convention = "old")]
[CheckpointPrefix("policy.")]
public sealed partial class TogetherModel : Module<Tensor, Tensor>
{
    public TogetherModel(Topology? topology = null)
        : base(nameof(TogetherModel))
    {
        Layers = [new TogetherLayer(topology, true), new TogetherLayer(topology)];
        RegisterComponents();
    }

    [CheckpointName("model.language_model.layers", Convention = "new")]
    [CheckpointName("model.layers", Convention = "old")]
    [CheckpointName("layers", First = nameof(First), Convention = "text")]
    public ModuleList<TogetherLayer> Layers { get; }

    public static int First => 1;

    public override Tensor forward(Tensor input) => Layers[0].forward(input);
}
