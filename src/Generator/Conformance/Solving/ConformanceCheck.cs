using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Compares the map of a model with a list of tensors: names first, then the sizes for which all shapes are right.</summary>
public static class ConformanceCheck
{
    /// <summary>Compares them.</summary>
    /// <param name="list">The list.</param>
    /// <param name="root">What the root declares.</param>
    /// <param name="classes">What a class declares, by the name that metadata has; null of what is no annotated class.</param>
    /// <param name="topologies">The ranks that must be able to share the model.</param>
    /// <param name="configured">The value of a key of the configuration, where there is one.</param>
    public static ConformanceResult Run(
        TensorList list,
        DescribedModule root,
        Func<string, DescribedModule?> classes,
        IEnumerable<RankCount> topologies,
        Func<string, (long Value, SizeSource Source)?> configured)
    {
        var (tree, problems) = Named(list, root, classes);
        var equations = SizeEquations.Of(tree, configured);
        var solution = equations.System.Solve();
        problems.AddRange(equations.Problems);
        problems.AddRange(SizeProblems.Of(tree, solution, configured));
        var types = list.HasShapes ? TypeProblems.Of(tree, list.IsGguf) : (Type: null, Problems: []);
        problems.AddRange(types.Problems);

        // Of sizes that contradict each other there are none to divide.
        foreach (var ranks in problems.Exists(static problem => problem.Kind == ProblemKind.Size) ? [] : topologies) problems.AddRange(TopologyProblems.Of(equations.Modules, solution, ranks));
        return new ConformanceResult([.. RepeatedProblems.Merged(problems.Distinct())], [.. InferredMembers.Of(equations.Modules, solution)])
        {
            Type = types.Type,
            Modules = [.. equations.Modules.Select(module => new InferredModule(module.Module, module.Axes.ToImmutableDictionary(static axis => axis.Key, axis => solution.Range(axis.Value))))],
        };
    }

    /// <summary>The tree in the convention in which the fewest names are wrong.</summary>
    private static (MatchedModule Tree, List<ConformanceProblem> Problems) Named(TensorList list, DescribedModule root, Func<string, DescribedModule?> classes)
    {
        var best = (Tree: (MatchedModule?)null, Problems: new List<ConformanceProblem>());
        foreach (var convention in Conventions(root, classes))
        {
            var names = new CheckedList(list);
            var tree = new ModuleMatcher(names, classes, convention).Match(root);
            List<ConformanceProblem> problems = [.. tree.Tree.SelectMany(static module => module.Problems), .. Leftovers.Problems(names, tree)];
            if (best.Tree is null || problems.Count < best.Problems.Count) best = (tree, problems);
            if (problems.Count == 0) break;
        }
        return (best.Tree!, NearNames.Told(best.Problems, list));
    }

    private static IEnumerable<string> Conventions(DescribedModule root, Func<string, DescribedModule?> classes)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal) { root.Name }, new Queue<DescribedModule>([root]));
        var conventions = new List<string> { "" };
        while (open.Count > 0)
        {
            var module = open.Dequeue();
            conventions.AddRange(module.Prefixes.Select(static prefix => prefix.Convention).Concat(module.Children.SelectMany(static child => child.Names).Select(static name => name.Convention)));
            foreach (var child in module.Children.SelectMany(static child => child.Classes).Where(seen.Add).Select(classes).OfType<DescribedModule>()) open.Enqueue(child);
        }
        return conventions.Distinct();
    }
}
