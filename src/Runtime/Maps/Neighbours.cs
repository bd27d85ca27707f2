namespace Lanyard.Maps;

/// <summary>The modules around a module, in whatever trees it was found: who reads them reads it.</summary>
internal sealed class Neighbours
{
    // Weak, since a part may be used longer than the model that it was taken from.
    private WeakReference<ParameterSet>[] _above = [];
    private bool _isLinked;

    /// <summary>Whether the module is a part of another.</summary>
    public bool IsPart => _above.Any(static known => known.TryGetTarget(out var parent) && parent.State != ModelState.Disposed);

    /// <summary>Enters a module that has this one as a child.</summary>
    public void AddAbove(ParameterSet parent)
    {
        var above = _above;
        foreach (var known in above)
        {
            if (known.TryGetTarget(out var set) && ReferenceEquals(set, parent)) return;
        }
        _above = [.. above.Where(known => known.TryGetTarget(out _)), new WeakReference<ParameterSet>(parent)];
    }

    /// <summary>Enters that a module has this one no longer.</summary>
    public void RemoveAbove(ParameterSet parent) => _above = [.. _above.Where(known => known.TryGetTarget(out var set) && !ReferenceEquals(set, parent))];

    /// <summary>Has the modules below one know it, where nobody has looked at its tree yet.</summary>
    public void Link(ParameterSet root)
    {
        if (_isLinked) return;
        foreach (var _ in ContextTree.Sets(root))
        {
            // Looking at them is enough.
        }
        _isLinked = true;
    }

    /// <summary>Keeps readers of some modules, of those around them and of what they have in common with others out, when those that are there have ended.</summary>
    /// <inheritdoc cref="ModelGate.Close"/>
    public static GateHold Close(IReadOnlyCollection<ParameterSet> sets, string what, CancellationToken cancellationToken) =>
        ModelGate.Close([.. sets.Concat(Around(sets)).Select(set => set.Gate)], what, cancellationToken);

    /// <summary>Refuses a change that would wait for a reading which its own caller has open.</summary>
    /// <inheritdoc cref="ModelGate.CheckOwn(IReadOnlyCollection{ModelGate}, string)"/>
    public static void CheckOwn(IReadOnlyCollection<ParameterSet> sets, string what) => ModelGate.CheckOwn([.. With(sets).Select(set => set.Gate)], what);

    /// <summary>Modules, those around them and what these have in common with others.</summary>
    public static IEnumerable<ParameterSet> With(IReadOnlyCollection<ParameterSet> sets) => sets.Concat(Around(sets));

    /// <summary>Counts a change of values, for the modules and for those around them.</summary>
    /// <param name="sets">The modules.</param>
    /// <param name="isOtherWeights">Whether they have other weights, so that those around them are of no one version any more.</param>
    public static void Changed(IReadOnlyCollection<ParameterSet> sets, bool isOtherWeights)
    {
        foreach (var set in sets) set.Generation++;
        foreach (var set in Around(sets))
        {
            set.Generation++;
            if (isOtherWeights) set.Version = null;
        }
    }

    /// <summary>The modules around some, without these.</summary>
    private static HashSet<ParameterSet> Around(IReadOnlyCollection<ParameterSet> sets)
    {
        var (inner, around, open) = (sets as HashSet<ParameterSet> ?? [.. sets], new HashSet<ParameterSet>(), new Queue<ParameterSet>(sets));
        while (open.TryDequeue(out var set))
        {
            foreach (var known in set.Neighbours._above)
            {
                if (known.TryGetTarget(out var parent) && !inner.Contains(parent) && around.Add(parent)) open.Enqueue(parent);
            }
        }
        return around;
    }
}
