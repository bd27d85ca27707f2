using Lanyard.Index;

namespace Lanyard.Updates;

/// <summary>Where the tensors of an update are written, parameter by parameter. Each target is made when it is first needed.</summary>
/// <param name="mode">How the model is kept whole.</param>
/// <param name="positions">The number of parameters.</param>
/// <param name="keepsShadows">Whether the memory of shadows is for the next update, too.</param>
internal sealed class UpdateTargets(RefitMode mode, int positions, bool keepsShadows) : IDisposable
{
    private readonly UpdateTarget?[] _targets = new UpdateTarget?[positions];

    /// <summary>Whether a parameter is written to a shadow: in a staged update, and where a post-load method replaced what is live.</summary>
    public bool NeedsShadow(ModelParameter parameter) => mode == RefitMode.Staged || parameter.Bound.IsTransformed;

    /// <summary>The target of a parameter.</summary>
    public UpdateTarget Of(ModelParameter parameter) => Find(parameter) ?? Make(parameter);

    /// <summary>The target of a parameter that something was written to and that was not released, or null.</summary>
    public UpdateTarget? Find(ModelParameter parameter) => Volatile.Read(ref _targets[parameter.Position]);

    /// <summary>Gives a target to the property.</summary>
    public void Release(UpdateTarget target) => Volatile.Write(ref _targets[target.Parameter.Position], null);

    /// <summary>Copies from the live values what did not come.</summary>
    /// <param name="format">The format that a parameter came in; null where nothing of it did.</param>
    /// <param name="came">Whether a tensor came whole.</param>
    public void Fill(Func<ModelParameter, ParameterFormat?> format, Predicate<ModelTensor> came)
    {
        foreach (var target in _targets) target?.Fill(format(target.Parameter), came);
    }

    /// <summary>Drops the shadows that were not released.</summary>
    public void Dispose()
    {
        foreach (var target in _targets)
        {
            if (target is { IsShadow: true }) target.Value.Dispose();
        }
        Array.Clear(_targets);
    }

    private UpdateTarget Make(ModelParameter parameter)
    {
        // One lock for each parameter, since memory for others can be had meanwhile.
        lock (parameter)
        {
            if (Find(parameter) is { } made) return made;
            var target = NeedsShadow(parameter) ? UpdateTarget.Shadow(parameter, keepsShadows && parameter.Module.IsQuiet) : UpdateTarget.Live(parameter);
            Volatile.Write(ref _targets[parameter.Position], target);
            return target;
        }
    }
}
