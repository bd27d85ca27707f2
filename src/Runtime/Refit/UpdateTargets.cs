using System.Collections.Concurrent;

namespace Lanyard;

/// <summary>Where the tensors of an update are written, parameter by parameter. Each target is made when it is first needed.</summary>
internal sealed class UpdateTargets(RefitMode mode) : IDisposable
{
    private readonly ConcurrentDictionary<ModelParameter, Lazy<UpdateTarget>> _targets = new();

    /// <summary>Whether a parameter is written to a shadow: in a staged update, and where a post-load method replaced what is live.</summary>
    public bool NeedsShadow(ModelParameter parameter) => mode == RefitMode.Staged || parameter.Bound.IsTransformed;

    /// <summary>The target of a parameter.</summary>
    public UpdateTarget Of(ModelParameter parameter) =>
        _targets.GetOrAdd(parameter, made => new Lazy<UpdateTarget>(() => new UpdateTarget(made, live: !NeedsShadow(made)))).Value;

    /// <summary>The target of a parameter that something was written to and that was not released, or null.</summary>
    public UpdateTarget? Find(ModelParameter parameter) => _targets.TryGetValue(parameter, out var target) ? target.Value : null;

    /// <summary>Gives a target to the property.</summary>
    public void Release(UpdateTarget target) => _targets.TryRemove(target.Parameter, out _);

    /// <summary>Copies from the live values what did not come.</summary>
    /// <param name="came">Whether a tensor came whole.</param>
    public void Fill(Predicate<ModelTensor> came)
    {
        foreach (var target in _targets.Values) target.Value.Fill(came);
    }

    /// <summary>Drops the shadows that were not released.</summary>
    public void Dispose()
    {
        foreach (var target in _targets.Values)
        {
            if (target.Value.IsShadow) target.Value.Value.Dispose();
        }
        _targets.Clear();
    }
}
