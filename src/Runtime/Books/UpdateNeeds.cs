using System.Collections.Immutable;
using Lanyard.Index;

namespace Lanyard.Books;

/// <summary>Which post-load methods an update runs for what came, and what must come with it.</summary>
/// <param name="index">The model.</param>
/// <param name="account">What came.</param>
/// <param name="scope">Whether all of the model must come.</param>
/// <param name="before">The states of the modules before the update, by position.</param>
internal sealed class UpdateNeeds(ModelIndex index, LoadAccount account, RefitScope scope, ModelState[] before)
{
    /// <summary>Whether the module was never loaded, or is torn: nothing of what is in it can stay.</summary>
    public bool IsUnknown(ModelModule module) => before[module.Position] is not (ModelState.Loaded or ModelState.Incomplete);

    /// <summary>Whether post-load has yet to make some of its values, so that they lie where it makes them.</summary>
    public bool IsUnmade(ModelModule module) => before[module.Position] is not ModelState.Loaded;

    /// <summary>The methods to run, in order: all after a first load, else those that depend on what changed.</summary>
    public List<int> PostLoads(ModelModule module)
    {
        var entries = module.Set.Map.PostLoads;
        if (entries.IsEmpty) return [];
        if (IsUnknown(module)) return [.. Enumerable.Range(0, entries.Length).Where(module.Runs)];
        var unmade = module.Set.Unmade;
        var absent = scope == RefitScope.Whole ? module.Optional.Where(account.IsAbsent) : [];
        var came = module.Parameters.Where(account.Touches).Concat(absent).Select(parameter => parameter.Bound.Entry.Index).Concat(unmade).ToHashSet();
        while (true)
        {
            var (methods, changed) = (new List<int>(), came.ToHashSet());
            for (var i = 0; i < entries.Length; i++)
            {
                if ((!entries[i].Reads.Any(changed.Contains) && !entries[i].Writes.Any(write => unmade.Contains(write))) || !module.Runs(i)) continue;
                changed.UnionWith(entries[i].Writes);
                methods.Add(i);
            }

            // What is empty on this rank, or absent, comes anew where a method transforms it, and then the methods before that one run, too.
            var empty = module.Empty.Concat(Remade(module)).Where(parameter => parameter.Bound.IsTransformed && methods.Exists(method => entries[method].Transforms(parameter.Bound.Entry)));
            if (empty.Count(parameter => came.Add(parameter.Bound.Entry.Index)) == 0) return methods;
        }
    }

    /// <summary>The parameters that get the value which they are declared to have where none of their tensors is there.</summary>
    public IEnumerable<ModelParameter> Absent(ModelModule module)
    {
        if (module.Optional.Count == 0) return [];
        if (scope == RefitScope.Whole || IsUnknown(module)) return module.Optional.Where(account.IsAbsent);
        var methods = PostLoads(module).ConvertAll(method => module.Set.Map.PostLoads[method]);
        return Remade(module).Where(parameter => methods.Exists(method => method.Transforms(parameter.Bound.Entry)));
    }

    /// <summary>What must come and has not.</summary>
    public IEnumerable<LoadProblem> Missing()
    {
        if (account.HasAll) yield break;
        foreach (var module in index.Modules)
        {
            var whole = scope == RefitScope.Whole || IsUnknown(module);
            foreach (var problem in whole ? [] : module.Bare.SelectMany(account.Forgotten)) yield return problem;
            foreach (var parameter in whole ? module.Parameters : Needed(module))
            {
                foreach (var problem in whole || parameter.Bound.IsAbsent ? account.Missing(parameter) : account.Lacking(parameter)) yield return whole ? problem : problem with { NeededBy = Readers(module, parameter) };
            }
            if (whole || module.Set.Missing.IsEmpty) continue;
            foreach (var parameter in module.Parameters)
            {
                // One that may stay away, but was there, may not stay away in part.
                var needed = parameter.Formats.SelectMany(format => MissingPlaces.Of(parameter, format)).ToHashSet();
                foreach (var problem in needed.Count == 0 ? [] : account.Lacking(parameter))
                {
                    if (account.Find(problem.Tensor) is { } tensor && needed.Contains(tensor)) yield return problem with { NeededBy = Readers(module, parameter) };
                }
            }
        }
    }

    /// <summary>Whether all that is wrong is that something lacks which the loaded model could keep: the refit could be one of a subset.</summary>
    public bool AreOfSubset(ImmutableArray<LoadProblem> problems) =>
        scope == RefitScope.Whole && account.Tensors > 0 && Array.TrueForAll(before, state => state == ModelState.Loaded) && problems.All(problem => problem.Kind == LoadProblemKind.Missing);

    /// <summary>Those of which a method has left nothing, and that are absent still: nobody need bring them.</summary>
    private IEnumerable<ModelParameter> Remade(ModelModule module) =>
        module.Optional.Where(parameter => parameter.Bound is { IsAbsent: true, IsTransformed: true } && account.IsAbsent(parameter));

    /// <summary>The parameters that must be whole in a refit that brings others: a method that replaces what it reads can only run again where that comes again.</summary>
    private IEnumerable<ModelParameter> Needed(ModelModule module)
    {
        var touched = module.Parameters.Where(parameter => account.Touches(parameter) && parameter.Bound.IsTransformed);
        var again = PostLoads(module).SelectMany(method => module.Parameters.Where(parameter => module.Set.Map.PostLoads[method].Transforms(parameter.Bound.Entry) && !module.Set.Unmade.Contains(parameter.Bound.Entry.Index)));
        return touched.Concat(again).Distinct();
    }

    /// <summary>The methods that run again and read a parameter, for messages.</summary>
    private string? Readers(ModelModule module, ModelParameter parameter)
    {
        var entries = PostLoads(module).Select(method => module.Set.Map.PostLoads[method]).Where(entry => entry.Reads.Contains(parameter.Bound.Entry.Index));
        return string.Join(" and ", entries.Select(entry => module.Prefix + entry.Method)) is { Length: > 0 } names ? names : null;
    }
}
