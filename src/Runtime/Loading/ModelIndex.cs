using System.Collections.Immutable;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard;

/// <summary>Every checkpoint tensor that a module tree has a place for, with the slots that it fills on this rank.</summary>
internal sealed class ModelIndex
{
    private readonly ModuleMap _root;
    private readonly List<ModelModule> _modules = [];
    private readonly Dictionary<string, ModelTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<LoadProblem> _unmapped = [];

    private ModelIndex(ParameterSet root)
    {
        _root = root.Map;
        Add("", root);
        Parameters = [.. _modules.SelectMany(module => module.Parameters)];
    }

    public IReadOnlyList<ModelModule> Modules => _modules;

    public ImmutableArray<ModelParameter> Parameters { get; }

    public IReadOnlyDictionary<string, ModelTensor> Tensors => _tensors;

    /// <summary>Modules that hold parameters which no map describes: nothing could load them.</summary>
    public IReadOnlyList<LoadProblem> Unmapped => _unmapped;

    /// <summary>The prefix that checkpoints may put before every name; empty where there is none.</summary>
    public string Prefix => _root.Prefix ?? "";

    public static ModelIndex Of(ParameterSet root) => root.Index ??= new ModelIndex(root);

    /// <summary>Finds a tensor by the name that a checkpoint gives it.</summary>
    public ModelTensor? Find(string name) =>
        _tensors.TryGetValue(name, out var tensor) ? tensor
        : Prefix.Length > 0 && name.StartsWith(Prefix, StringComparison.Ordinal) ? _tensors.GetValueOrDefault(name[Prefix.Length..])
        : null;

    public bool Ignores(string name)
    {
        foreach (var pattern in _root.Ignores)
        {
            if (Glob.Matches(pattern, name)) return true;
        }
        return false;
    }

    private void Add(string prefix, ParameterSet set)
    {
        var module = new ModelModule(_modules.Count, prefix, set);
        _modules.Add(module);
        foreach (var bound in set) module.Parameters.Add(Add(module, bound));
        foreach (var child in set.Children) Add($"{prefix}{child.Name}.", child.Module);
    }

    private void Add(string prefix, torch.nn.Module? module)
    {
        if (module is null) return;
        if (module is IParameterModule known)
        {
            Add(prefix, known.Parameters);
            return;
        }
        foreach (var (name, _) in module.named_parameters(recurse: false))
            _unmapped.Add(new LoadProblem(LoadProblemKind.Unmapped, prefix + name, Expected: $"{module.GetType().Name} to be a class with [ParameterModule]"));
        foreach (var (name, child) in module.named_children()) Add($"{prefix}{name}.", child);
    }

    private ModelParameter Add(ModelModule module, BoundParameter bound)
    {
        var (entry, axes) = (bound.Entry, module.Set.Axes);
        var parameter = new ModelParameter(module.Prefix + entry.Name, module, bound);
        foreach (var sources in entry.Sources.GroupBy(source => source.Format))
        {
            var format = new ParameterFormat(sources.Key);
            parameter.Formats.Add(format);
            var layoutSources = sources.Select(source => new LayoutSource(source.Name, source.Pattern, source.Part)).ToArray();
            var plan = Resolve(parameter, layoutSources, axes);

            // All tensors, those of other ranks too: they are neither unexpected nor missing here.
            ModelTensor[] tensors = [.. plan.Tensors.Select(tensor => Tensor(module.Prefix + tensor.Name, tensor.Shape, parameter))];
            foreach (var group in plan.Slots.GroupBy(slot => slot.Tensor))
            {
                var tensor = tensors[group.Key];
                if (tensor.Uses.Exists(use => ReferenceEquals(use.Parameter, parameter)))
                    throw new InvalidOperationException($"{parameter.Name} takes {tensor.Name} in two formats: give the formats names that a checkpoint can tell apart.");
                tensor.Uses.Add(new TensorUse(parameter, format, [.. group]));
                format.Tensors.Add(tensor);
            }
        }
        return parameter;
    }

    private static LayoutPlan Resolve(ModelParameter parameter, LayoutSource[] sources, ImmutableArray<Axis> axes)
    {
        try
        {
            return Layout.Resolve(parameter.Bound.Entry.Pattern, sources, axes);
        }
        catch (LayoutException error)
        {
            throw new InvalidOperationException($"{parameter.Bound} ({parameter.Name}) cannot be laid out: {error.Message}", error);
        }
    }

    private ModelTensor Tensor(string name, ImmutableArray<long> shape, ModelParameter parameter)
    {
        if (!_tensors.TryGetValue(name, out var tensor)) _tensors.Add(name, tensor = new ModelTensor(name, shape));
        if (!tensor.Shape.AsSpan().SequenceEqual(shape.AsSpan()))
            throw new InvalidOperationException($"{parameter.Name} and {tensor.Uses[0].Parameter.Name} declare {name} with different shapes: {Shapes.Text(shape)} and {Shapes.Text(tensor.Shape)}.");
        return tensor;
    }
}
