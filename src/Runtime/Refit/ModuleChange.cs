using System.Collections.Immutable;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard;

/// <summary>The part of a <see cref="WeightUpdate"/> or of an export that concerns one module: new values in the properties, old ones put aside until the end.</summary>
internal sealed class ModuleChange
{
    private readonly ModelModule _module;
    private readonly bool _whole;
    private readonly List<Aside> _aside = [];
    private readonly List<Parameter> _intermediate = [];

    /// <summary>Puts the written tensors into the properties, in the model layout.</summary>
    public ModuleChange(ModelModule module, IReadOnlyDictionary<ModelParameter, Parameter> written, bool whole)
    {
        (_module, _whole) = (module, whole);
        foreach (var parameter in module.Parameters)
        {
            if (!written.TryGetValue(parameter, out var value) || ReferenceEquals(value, parameter.Bound.Value)) continue;
            PutAside(parameter.Bound);
            module.Set.Restore(parameter.Bound, value);
            parameter.Bound.Set(value, []);
        }
    }

    /// <summary>A change that begins with what is live.</summary>
    public ModuleChange(ModelModule module) => _module = module;

    /// <summary>Runs a post-load method and returns its full name. What it makes and does not assign is disposed.</summary>
    public string Run(int method)
    {
        var entry = _module.Set.Map.PostLoads[method];
        Assigning(entry, () => _module.Set.RunPostLoad(method));
        return _module.Prefix + entry.Method;
    }

    /// <summary>Runs the method that undoes a post-load method. What it makes and does not assign is disposed.</summary>
    public void RunBackwards(int method) => Assigning(_module.Set.Map.PostLoads[method], () => _module.Set.UndoPostLoad(method));

    private void Assigning(PostLoadEntry entry, Action method)
    {
        var before = entry.Writes.Select(i => _module.Set[i]).Where(bound => bound.IsPresent).ToList();
        foreach (var bound in before) PutAside(bound);
        var values = before.ConvertAll(bound => bound.Value);
        using (torch.NewDisposeScope()) method();
        for (var i = 0; i < before.Count; i++)
        {
            if (!ReferenceEquals(before[i].Value, values[i]) && !_aside.Exists(aside => ReferenceEquals(aside.Value, values[i]))) _intermediate.Add(values[i]);
        }
    }

    /// <summary>Checks that every new value fits into the live storage, so that no address moves.</summary>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before.</exception>
    public void CheckLayout()
    {
        foreach (var (bound, old, layout, _, _) in _aside)
        {
            var value = bound.Value;
            if (ReferenceEquals(value, old) || Adopts(bound, layout)) continue;
            if (layout != bound.Layout || !value.shape.AsSpan().SequenceEqual(old.shape) || value.dtype != old.dtype || value.device.ToString() != old.device.ToString())
            {
                throw new ModelStateException(
                    $"{bound} is live in the {layout} layout as {Describe(old)}, but {bound.MadeBy ?? "the refit"} made {Describe(value)} in the {bound.Layout} layout: its storage would move. A post-load method must make the same shape and type each time.");
            }
        }
    }

    /// <summary>Moves the new values into the live storage, or adopts them as the live storage where a first load made it.</summary>
    public void Finish()
    {
        foreach (var (bound, old, layout, _, _) in _aside)
        {
            var value = bound.Value;
            if (ReferenceEquals(value, old)) continue;
            if (Adopts(bound, layout))
            {
                old.Dispose();
                continue;
            }
            old.copy_(value);
            _module.Set.Restore(bound, old);
            bound.Set(old, bound.Makers);
            value.Dispose();
        }
        Clear();
    }

    /// <summary>Puts the old values back, as if nothing had happened. Does nothing once the change is finished.</summary>
    public void Undo()
    {
        foreach (var (bound, old, _, makers, type) in _aside)
        {
            var value = bound.Value;
            if (ReferenceEquals(value, old)) continue;
            _module.Set.Restore(bound, old);
            bound.Set(old, makers);
            bound.Moved(old, type);
            value.Dispose();
        }
        Clear();
    }

    private static string Describe(Parameter value) => $"{value.dtype} {Shapes.Text(value.shape)}";

    private bool Adopts(BoundParameter bound, ParameterLayout layout) => _whole && layout == ParameterLayout.Model && bound.Layout == ParameterLayout.Kernel;

    private void PutAside(BoundParameter bound)
    {
        if (!_aside.Exists(aside => ReferenceEquals(aside.Bound, bound))) _aside.Add(new Aside(bound, bound.Value, bound.Layout, bound.Makers, bound.ModelType));
    }

    private void Clear()
    {
        foreach (var value in _intermediate) value.Dispose();
        _intermediate.Clear();
        _aside.Clear();
    }

    private readonly record struct Aside(BoundParameter Bound, Parameter Value, ParameterLayout Layout, ImmutableArray<string> Makers, torch.ScalarType ModelType);
}
