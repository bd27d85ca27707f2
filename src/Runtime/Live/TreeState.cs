using System.Collections.Immutable;
using Lanyard.Maps;

namespace Lanyard.Live;

/// <summary>The state of a module with everything below it: the worst of any.</summary>
/// <param name="State">The state.</param>
/// <param name="Modules">The paths of the modules that have it; the root's is empty.</param>
/// <param name="Worst">One of them.</param>
internal sealed record TreeState(ModelState State, ImmutableArray<string> Modules, ParameterSet Worst)
{
    // The worst last.
    private static readonly ModelState[] Order = [ModelState.Loaded, ModelState.Building, ModelState.Refitting, ModelState.Incomplete, ModelState.Torn, ModelState.Disposed];

    /// <summary>The state now.</summary>
    public static TreeState Of(ParameterSet root)
    {
        List<(string Path, ParameterSet Set, ModelState State)> all = [.. ContextTree.Sets(root).Select(module => (module.Path.TrimEnd('.'), module.Set, StateOf(module.Set)))];
        var worst = all.Max(module => Array.IndexOf(Order, module.State));
        var found = all.FindAll(module => module.State == Order[worst]);
        return new TreeState(Order[worst], [.. found.Select(module => module.Path)], found[0].Set);
    }

    // What nobody loads, since it has no parameters, is no reason to call the rest of a loaded model otherwise.
    private static ModelState StateOf(ParameterSet set) => set is { State: ModelState.Building, Count: 0 } ? ModelState.Loaded : set.State;
}
