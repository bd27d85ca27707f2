using Lanyard.Testing.Weights;

namespace Lanyard.Testing.Checks;

/// <summary>Brings each tensor by itself, or with those without which it cannot come, and looks at everything else.</summary>
internal sealed class SubsetCheck(Findings findings, Func<MadeModel> make)
{
    private readonly List<List<string>> _groups = [];

    /// <summary>The tensors that fill nothing.</summary>
    public HashSet<string> LeftOut { get; } = new(StringComparer.Ordinal);

    /// <summary>What each tensor fills, once the check has run.</summary>
    public ParameterOwners? Owners { get; private set; }

    /// <summary>How many refits of some tensors were made.</summary>
    public int Refits { get; private set; }

    /// <param name="model">A model that has the first tensors, and has them in the end again.</param>
    /// <param name="set">The tensors.</param>
    public void Run(MadeModel model, WeightSet set)
    {
        var (first, owners) = (LiveBits.Of(model), Owners = new ParameterOwners(model.Module));
        var before = first;
        var (tried, isRefused) = (new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var name in set.First.Keys)
        {
            if (tried.Contains(name)) continue;
            if (Grow(model, set, name) is not { } group)
            {
                isRefused = true;
                continue;
            }
            tried.UnionWith(group);
            if (LeftOut.Contains(name)) continue;
            _groups.Add(group);
            before = Compare(set.Label, model, owners, before, group, "staged");
        }
        if (isRefused) return;
        Compare(set.Label, Fresh(set), before, isSame: false, "is not what a model has that loads all at once, after every tensor came by itself: what a post-load method reads is not all in its own class");

        // The other way round, so that whatever one of them does to another is not put right by that.
        _groups.Reverse();
        foreach (var group in _groups)
        {
            if (!findings.Try(ModelTestCheck.Subset, $"{set.Label}, a refit in place of {Names(group)}", () => _ = set.Refit(model, set.First, group, RefitMode.InPlace))) return;
            Refits++;
            before = Compare(set.Label, model, owners, before, group, "in place");
        }
        Compare(set.Label, first, before, isSame: true, "after every tensor came by itself and went back: what a post-load method reads is not all in its own class");
    }

    /// <summary>Brings a tensor with what must come with it. Null where that ends in an error.</summary>
    private List<string>? Grow(MadeModel model, WeightSet set, string name)
    {
        List<string> group = [name];
        while (true)
        {
            try
            {
                var report = set.Refit(model, set.Second, group, RefitMode.Staged);
                Refits++;
                if (report.Slots == 0 && group.Count == 1) LeftOut.Add(name);
                return group;
            }
            catch (LoadException e) when (e.Problems.All(problem => problem.Kind is LoadProblemKind.Missing or LoadProblemKind.Ambiguous))
            {
                var lacking = e.Problems.SelectMany(problem => With(set, problem)).Distinct().Except(group).ToList();
                if (lacking.Count > 0)
                {
                    group.AddRange(lacking);
                    continue;
                }
                findings.Add(ModelTestCheck.Subset, set.Label, name, e.Message);
            }
            catch (Exception e)
            {
                findings.Add(ModelTestCheck.Subset, set.Label, name, e.Message);
            }
            return null;
        }
    }

    /// <summary>What must come beside a tensor: one that is named as missing, or, where it does not tell its format by itself, all of its parameters.</summary>
    private IEnumerable<string> With(WeightSet set, LoadProblem problem)
    {
        if (problem.Kind == LoadProblemKind.Missing) return set.First.Keys.Where(key => key == problem.Tensor || key.EndsWith("." + problem.Tensor, StringComparison.Ordinal)).Take(1);
        var filled = Owners!.FilledBy(problem.Tensor).ToHashSet();
        return set.First.Keys.Where(key => Owners.FilledBy(key).Any(filled.Contains));
    }

    private LiveBits Compare(string where, MadeModel model, ParameterOwners owners, LiveBits before, List<string> group, string how)
    {
        var now = LiveBits.Of(model);
        foreach (var (name, detail) in before.Differences(now, isSame: true, owners.ChangedBy(group)))
            findings.Add(ModelTestCheck.Subset, where, name, $"{detail} after a refit of {Names(group)}, {how}, which it is not made from");
        return now;
    }

    private void Compare(string where, LiveBits expected, LiveBits found, bool isSame, string when)
    {
        foreach (var (name, detail) in expected.Differences(found, isSame)) findings.Add(ModelTestCheck.Subset, where, name, isSame ? $"{detail} {when}" : when);
    }

    private LiveBits Fresh(WeightSet set)
    {
        using var fresh = make();
        _ = set.Refit(fresh, set.Second, RefitMode.InPlace);
        return LiveBits.Of(fresh);
    }

    private static string Names(IEnumerable<string> group) => string.Join(", ", NameFolding.Fold(group));
}
