using Lanyard.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>A TorchSharp module that knows nothing of Lanyard: a parameter for each tensor of a checkpoint, under its name, in memory that nothing was written to yet.</summary>
internal sealed class NamedModel : nn.Module
{
    private readonly Dictionary<string, NamedModel> _children = [];

    public NamedModel(Checkpoint checkpoint, ScalarType type)
        : base(nameof(NamedModel))
    {
        foreach (var stored in checkpoint.Tensors.Values)
        {
            var parameter = new Parameter(empty([.. stored.Shape], type));
            Tensors.Add(stored.Name, parameter);
            Add(stored.Name.Split('.'), parameter);
        }
    }

    private NamedModel()
        : base(nameof(NamedModel))
    {
    }

    /// <summary>All parameters by the names of the checkpoint.</summary>
    public Dictionary<string, Tensor> Tensors { get; } = [];

    private void Add(ReadOnlySpan<string> name, Parameter parameter)
    {
        if (name.Length == 1)
        {
            register_parameter(name[0], parameter);
            return;
        }
        if (!_children.TryGetValue(name[0], out var child)) register_module(name[0], _children[name[0]] = child = new NamedModel());
        child.Add(name[1..], parameter);
    }
}
