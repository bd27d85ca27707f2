using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Live;

/// <summary>One module with its parameters as they were loaded for a while: post-load is undone, last method first, and everything is put back at the end.</summary>
internal sealed class UndonePostLoad : IDisposable
{
    private readonly ModuleChange _change;
    private readonly Dictionary<ModelParameter, torch.ScalarType> _types;
    private readonly Dictionary<ModelParameter, torch.Tensor> _contiguous = [];

    /// <param name="module">The module.</param>
    /// <param name="needed">Which of its parameters are wanted; where post-load replaced none of them, nothing is undone.</param>
    /// <remarks>What an undo method throws comes through; everything is as before then.</remarks>
    public UndonePostLoad(ModelModule module, IReadOnlyCollection<ModelParameter> needed)
    {
        (Module, _change) = (module, new ModuleChange(module));
        _types = needed.ToDictionary(parameter => parameter, parameter => parameter.Bound.ModelType);
        LiveForms.Check(module);
        if (needed.All(parameter => !parameter.Bound.IsTransformed)) return;
        try
        {
            var methods = module.Set.Map.PostLoads;
            for (var i = methods.Length - 1; i >= 0; i--)
            {
                if (methods[i].Undo is not null && methods[i].Writes.Any(write => module.Set[write].MadeBy == methods[i].Method)) _change.RunBackwards(i);
            }
        }
        catch
        {
            _change.Undo();
            throw;
        }
    }

    public ModelModule Module { get; }

    /// <summary>Why nothing can undo what post-load made of a parameter, or null.</summary>
    public static string? NoWayBack(ModelParameter parameter)
    {
        var missing = parameter.Bound.Makers.Where(maker => parameter.Module.Set.Map.PostLoads.Any(entry => entry.Method == maker && entry.Undo is null)).ToList();
        return missing.Count > 0 ? $"it is what {string.Join(" and ", missing)} made of it, without [PostLoad(Undo = ...)]" : null;
    }

    /// <summary>The value of a parameter in the layout that loads write, contiguous; it is not the caller's.</summary>
    /// <exception cref="ModelStateException">Undoing did not make what was loaded.</exception>
    public torch.Tensor Value(ModelParameter parameter)
    {
        var bound = parameter.Bound;
        if (bound.IsTransformed)
            throw new ModelStateException($"{bound} ({parameter.Name}) is still what {bound.MadeBy} made: its undo did not assign it.");
        if (bound.Value.dtype != _types[parameter])
            throw new ModelStateException($"{bound} ({parameter.Name}) was loaded as {_types[parameter]}, but the undo of its post-load made {bound.Value.dtype}.");
        if (bound.Value.is_contiguous()) return bound.Value;
        if (!_contiguous.TryGetValue(parameter, out var copy)) _contiguous.Add(parameter, copy = bound.Value.contiguous().DetachFromDisposeScope());
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
}
