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
    private readonly Dictionary<string, ModelTensor> _aliases = new(StringComparer.Ordinal);
    private readonly List<LoadProblem> _unmapped = [];

    private ModelIndex(ParameterSet root)
    {
        _root = root.Map;
        Add("", root);
        Parameters = [.. _modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Bound.IsPresent)];
        foreach (var (alias, name) in root.Map.Aliases)
        {
            if (_tensors.ContainsKey(alias) || !_tensors.TryGetValue(name, out var tensor)) continue;
            _aliases.Add(alias, tensor);
            tensor.Alias = alias;
        }
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
        Known(name) ?? (Prefix.Length > 0 && name.StartsWith(Prefix, StringComparison.Ordinal) ? Known(name[Prefix.Length..]) : null);

    /// <summary>The patterns that leave a tensor alone.</summary>
    public IEnumerable<IgnoreEntry> Ignoring(string name) => _root.Ignores.Where(entry => Glob.Matches(entry.Pattern, name));

    /// <summary>The patterns that must match something.</summary>
    public IEnumerable<IgnoreEntry> RequiredIgnores => _root.Ignores.Where(entry => !entry.Optional);

    private ModelTensor? Known(string name) => _tensors.GetValueOrDefault(name) ?? _aliases.GetValueOrDefault(name);

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
        var parameter = new ModelParameter(module.Prefix + bound.Entry.Name, module, bound);
        if (!bound.IsPresent) return parameter;
        foreach (var group in bound.Entry.Sources.GroupBy(source => source.Format))
        {
            var format = new ParameterFormat(group.Key);
            parameter.Formats.Add(format);
            Add(parameter, format, [.. group], module.Set.Axes);
        }
        return parameter;
    }

    private void Add(ModelParameter parameter, ParameterFormat format, CheckpointSource[] sources, ImmutableArray<Axis> axes)
    {
        var plan = Resolve(parameter, sources, axes);
        var scales = sources.Select(source => source.Scale is null ? null : TensorNames.Of(NamePattern.Parse(source.Scale), new AxisTable(axes)).ToArray()).ToArray();
        var firsts = Enumerable.Range(0, sources.Length).Select(s => plan.Tensors.Count(tensor => tensor.SourceIndex < s)).ToArray();
        var slots = plan.Slots.ToLookup(slot => slot.Tensor);

        // All tensors, those of other ranks too: they are neither unexpected nor missing here.
        for (var t = 0; t < plan.Tensors.Length; t++)
        {
            var (name, shape, s) = (plan.Tensors[t].Name, plan.Tensors[t].Shape, plan.Tensors[t].SourceIndex);
            var encoding = TensorEncoding.Of(sources[s]);
            var tensor = Tensor(parameter.Module.Prefix + name);
            var scale = scales[s] is { } names ? Tensor(parameter.Module.Prefix + names[t - firsts[s]]) : null;
            var use = new TensorUse(tensor, parameter, format, [.. slots[t]], shape, encoding.StoredShape(shape), encoding, sources[s].Cast, scale, sources[s]);
            tensor.Uses.Add(use);
            format.Uses.Add(use);
            scale?.Scales.Add(use);
            if (use.Slots.IsEmpty) continue;
            format.Tensors.Add(tensor);
            if (scale is not null) format.Tensors.Add(scale);
        }
    }

    private static LayoutPlan Resolve(ModelParameter parameter, CheckpointSource[] sources, ImmutableArray<Axis> axes)
    {
        try
        {
            return Layout.Resolve(parameter.Bound.Entry.Storage, [.. sources.Select(source => new LayoutSource(source.Name, source.Pattern, source.Part))], axes);
        }
        catch (LayoutException error)
        {
            throw new InvalidOperationException($"{parameter.Bound} ({parameter.Name}) cannot be laid out: {error.Message}", error);
        }
    }

    private ModelTensor Tensor(string name)
    {
        if (!_tensors.TryGetValue(name, out var tensor)) _tensors.Add(name, tensor = new ModelTensor(name));
        return tensor;
    }
}
