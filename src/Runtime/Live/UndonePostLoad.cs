using Lanyard.Index;
using Lanyard.Maps;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>The parameters of one module as they were loaded: post-load is undone, last method first, beside the live values, which nobody misses meanwhile.</summary>
internal sealed class UndonePostLoad : IDisposable
{
    private readonly ModuleChange _change;
    private readonly Dictionary<ModelParameter, torch.ScalarType> _types;
    private readonly Dictionary<ModelParameter, torch.Tensor> _contiguous = [];
    private readonly List<int> _methods = [];
    private readonly Dictionary<BoundParameter, Parameter> _live = [];

    /// <param name="module">The module.</param>
    /// <param name="needed">Which of its parameters are wanted; where post-load replaced none of them, nothing is undone.</param>
    /// <param name="values">The values to take for the live ones, or null.</param>
    /// <remarks>What an undo method throws comes through; everything is as before then.</remarks>
    public UndonePostLoad(ModelModule module, IReadOnlyCollection<ModelParameter> needed, PendingValues? values = null)
    {
        (Module, _change) = (module, new ModuleChange(module, under: values));
        _types = needed.ToDictionary(parameter => parameter, parameter => Now(parameter.Bound).ModelType);
        LiveForms.Check(module);
        if (needed.All(parameter => !Now(parameter.Bound).IsTransformed)) return;
        using var window = FieldWindow.Of([module]);
        try
        {
            var methods = module.Set.Map.PostLoads;
            for (var i = methods.Length - 1; i >= 0; i--)
            {
                if (methods[i].Undo is null || !methods[i].Writes.Any(write => module.Set[write].IsPresent && Now(module.Set[write]).Makers.LastOrDefault() == methods[i].Method)) continue;
                foreach (var write in methods[i].Writes.Where(write => module.Set[write].IsPresent)) _live.TryAdd(module.Set[write], _change.Values.Held(module.Set[write]));
                _methods.Add(i);
                _change.RunBackwards(i);
            }
            _change.RememberFields();
            _change.PutFieldsAside();
        }
        catch
        {
            _change.Undo();
            throw;
        }
    }

    public ModelModule Module { get; }

    /// <summary>Why nothing can undo what post-load made of a parameter, or null.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">The values to take for the live ones, or null.</param>
    public static string? NoWayBack(ModelParameter parameter, PendingValues? values = null)
    {
        var makers = values?.Of(parameter.Bound).Makers ?? parameter.Bound.Makers;
        var missing = makers.Where(maker => parameter.Module.Set.Map.PostLoads.Any(entry => entry.Method == maker && entry.Undo is null)).ToList();
        return missing.Count > 0 ? $"it is what {string.Join(" and ", missing)} made of it, without [PostLoad(Undo = ...)]" : null;
    }

    /// <summary>
    /// What is wrong with what the undos made. The methods that were undone are run once more on it, which is put back then: they must make
    /// the live values, bit for bit, or else an undo does not undo.
    /// </summary>
    /// <returns>The faults, by parameter.</returns>
    public Dictionary<BoundParameter, string> Faults()
    {
        var faults = new Dictionary<BoundParameter, string>();
        foreach (var (parameter, type) in _types)
        {
            var bound = parameter.Bound;
            var undone = Now(bound);
            if (undone.IsTransformed) faults.Add(bound, $"{bound} ({parameter.Name}) is still what {undone.Makers[^1]} made: its undo did not assign it.");
            else if (undone.Form.Type != type) faults.Add(bound, $"{bound} ({parameter.Name}) was loaded as {type}, but the undo of its post-load made {undone.Form.Type}.");
        }
        if (faults.Count > 0)
        {
            var (first, _) = faults.First();
            foreach (var bound in _live.Keys) faults.TryAdd(bound, $"it could not be checked, because of {first}");
        }
        else if (_methods.Count > 0)
        {
            RunAgain(faults);
        }
        return faults;
    }

    /// <summary>The value of a parameter without a fault in the layout that loads write, contiguous; it is not the caller's.</summary>
    public torch.Tensor Value(ModelParameter parameter)
    {
        var held = _change.Values.Held(parameter.Bound);
        if (held.is_contiguous()) return held;
        if (!_contiguous.TryGetValue(parameter, out var copy)) _contiguous.Add(parameter, copy = held.contiguous().DetachFromDisposeScope());
        return copy;
    }

    /// <summary>Frees the copy that <see cref="Value"/> may have made of a parameter.</summary>
    public void Drop(ModelParameter parameter)
    {
        if (_contiguous.Remove(parameter, out var copy)) copy.Dispose();
    }

    public void Dispose()
    {
        foreach (var copy in _contiguous.Values) copy.Dispose();
        _contiguous.Clear();
        _change.Undo();
    }

    private void RunAgain(Dictionary<BoundParameter, string> faults)
    {
        var (again, methods) = (new ModuleChange(Module, under: _change.Values), _methods.ConvertAll(method => Module.Set.Map.PostLoads[method]));
        using var window = FieldWindow.Of([Module]);
        _change.BringFieldsBack();
        try
        {
            for (var i = _methods.Count - 1; i >= 0; i--)
            {
                try
                {
                    again.Run(_methods[i]);
                }
                catch (Exception e)
                {
                    foreach (var bound in _live.Keys) faults[bound] = $"{methods[i].Method} cannot run on what {methods[i].Undo} made: {e.Message}";
                    return;
                }
            }
            foreach (var (bound, live) in _live)
            {
                if (TensorForm.Of(live).Takes(again.Values.Of(bound).Form) && TensorBits.Equal(live, again.Values.Held(bound))) continue;

                // What else the method assigned belongs to it: a value is nothing without its scale.
                var entry = methods.Find(method => method.Writes.Contains(bound.Entry.Index))!;
                foreach (var write in _live.Keys.Where(write => entry.Writes.Contains(write.Entry.Index)))
                    faults[write] = $"{entry.Undo} does not undo {entry.Method}: run again on what it made, {entry.Method} makes other values than the live ones";
            }
        }
        finally
        {
            again.Undo();
            _change.PutFieldsAside();
        }
    }

    private PendingValue Now(BoundParameter bound) => _change.Values.Of(bound);
}
