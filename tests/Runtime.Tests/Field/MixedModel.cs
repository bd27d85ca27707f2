using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Two layers, each in a precision of its own.</summary>
[ParameterModule]
public sealed partial class MixedModel : Module
{
    public MixedModel()
        : base(nameof(MixedModel))
    {
        Layers = new ModuleList<MixedLayer>(new MixedLayer(), new MixedLayer());
        RegisterComponents();
    }

    public ModuleList<MixedLayer> Layers { get; }
}
