using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Loading.Benchmarks.Models;

/// <summary>A list of layers.</summary>
[ParameterModule]
public sealed partial class Layers<T> : Module
    where T : Module, IParameterModule
{
    public Layers(IEnumerable<T> layers)
        : base("Layers")
    {
        Items = new ModuleList<T>([.. layers]);
        RegisterComponents();
    }

    [CheckpointName("layers")] public ModuleList<T> Items { get; }
}
