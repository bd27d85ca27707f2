using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>
/// Finds the tree of modules that a list has: the names of each layer say which children it has, and of which class. What differs in nothing but numbers is looked at once.
/// </summary>
/// <param name="list">The list.</param>
/// <param name="classes">What a class declares, by the name that metadata has; null of what is no annotated class.</param>
/// <param name="convention">In which convention the list names tensors; empty for that of no name.</param>
internal sealed class ModuleMatcher(CheckedList list, Func<string, DescribedModule?> classes, string convention)
{
    // Deeper than any model; a class may hold itself.
    private const int Deepest = 32;

    private readonly ParameterMatcher _parameters = new(list);

    /// <summary>Matches a root.</summary>
    public MatchedModule Match(DescribedModule root) => Match(root, null, Prefixed(root, ModuleNames.Root), MatchScope.Root, 0);

    /// <summary>What stands before the names of a module with what its class puts there.</summary>
    private ModuleNames Prefixed(DescribedModule module, ModuleNames names)
    {
        var stated = convention.Length == 0 ? null : module.Prefixes.FirstOrDefault(prefix => prefix.Convention == convention)?.Prefix;
        return names.Select(prefix => prefix.Then(stated ?? (module.OptionalPrefix is { Length: > 0 } own && !list.List.Below(prefix.Text + own).IsEmpty ? own : "")));
    }

    private MatchedModule Match(DescribedModule described, DescribedChild? via, ModuleNames names, MatchScope scope, int depth)
    {
        var module = new MatchedModule(described, via, names);
        foreach (var (alias, name) in described.Aliases) list.Add(names.Default.Text + alias, names.Default.Text + name);
        scope = scope.Within(described, names.Default);
        module.Problems.AddRange(MatchScope.Unknown(described, classes));
        var read = _parameters.Read(module, scope.Without);
        var members = new ModuleMembers(described, scope);
        foreach (var (parameter, reading) in read) members.Add(parameter.Property, reading is { Present: > 0 } ? reading.Claims.Count : 0);
        List<DescribedChild> children = depth > Deepest ? [] : [.. described.Children.Select(scope.Of)];
        foreach (var child in children)
        {
            var below = names.Child(child, convention);
            if (scope.Without.Contains(child.Property))
            {
                foreach (var found in below.All.Where(prefix => HasLevel(module, prefix)).SelectMany(prefix => list.List.Below(prefix.Text))) module.Declined[found.Row] = $"{described.ShortName}.{child.Property}";
                continue;
            }
            if (child.Classes.All(name => classes(name) is null))
            {
                Unknown(module, child, below);
                continue;
            }
            Add(module, child, below, scope, depth);
            members.Add(child.Property, ClaimsOf(child.Property).Count());
        }
        foreach (var (other, there) in members.Follow()) Refuse(other, there);
        ParameterMatcher.Enter(module, read, members.Wanted);
        foreach (var child in children.Where(child => child.IsOptional && members.Wanted.ContainsKey(child.Property)))
        {
            var prefix = names.Child(child, convention).Default.Text;
            module.Problems.Add(Missing(module, child, prefix, $"nothing in the list is of {described.ShortName}.{child.Property}, \"{prefix}\"{members.Wanted[child.Property]}"));
        }
        return module;

        IEnumerable<(int Row, ImmutableArray<NumberSet> Numbers)> ClaimsOf(string property) =>
            module.Children.Where(item => item.Via!.Property == property).SelectMany(static item => item.Tree).SelectMany(static part => part.Claims);

        void Refuse(string property, string there)
        {
            IEnumerable<(int Row, ImmutableArray<NumberSet> Numbers)> claims = read.FirstOrDefault(one => one.Parameter.Property == property).Reading?.Claims ?? ClaimsOf(property);
            foreach (var row in claims.Select(static claim => claim.Row).Distinct())
            {
                var tensor = list.List.Rows[row];
                module.Problems.Add(new(ProblemKind.Unexpected, ProblemPlace.Name(tensor), $"{tensor.Name} is of {described.ShortName}.{property}, of which and {described.ShortName}.{there} a module has one, and {there} is in the list, too"));
            }
        }
    }

    private static bool HasLevel(MatchedModule parent, ModulePrefix names) => parent.Names.All.All(above => above.Text != names.Text);

    /// <summary>A child of which nobody knows what it has: what is below it cannot be checked, which is said once.</summary>
    private void Unknown(MatchedModule parent, DescribedChild child, ModuleNames names)
    {
        if (child.IsOptional && names.All.All(prefix => list.List.Below(prefix.Text).IsEmpty)) return;
        parent.Problems.Add(new(ProblemKind.Declaration, ProblemPlace.Of(parent.Class.Name, child.Property), $"nothing says of which class {parent.Class.ShortName}.{child.Property} is, so what the list has below \"{names.Default.Text}\" cannot be checked: write [Child(typeof(...))]"));
        foreach (var prefix in names.All.Where(prefix => HasLevel(parent, prefix))) parent.Claims.AddRange(list.List.Below(prefix.Text).Select(found => (found.Row, found.Taken(prefix.Groups))));
    }

    private void Add(MatchedModule module, DescribedChild child, ModuleNames names, MatchScope scope, int depth)
    {
        if (child.IsList) AddItems(module, child, names, scope, depth);
        else if (Item(module, child, names, scope, depth) is { } found) module.Children.Add(found);
    }

    private void AddItems(MatchedModule module, DescribedChild child, ModuleNames names, MatchScope scope, int depth)
    {
        var groups = names.All.SelectMany(prefix => list.List.NumbersBelow(prefix.Text)).Aggregate(ImmutableArray<NumberSet>.Empty, Refined).OrderBy(static group => group.First).ToList();
        var items = groups.ConvertAll(group => (Numbers: group, Item: Item(module, child, names.Select(prefix => prefix.Item(group)), scope, depth)));

        // The last ones may be another model's, of as many layers as the configuration says.
        var isIgnored = scope.Numbered.Any(pattern => pattern.StartsWith(names.Default.Text + "{}", StringComparison.Ordinal));
        while (isIgnored && items.Count > 1 && items.OrderBy(static item => item.Numbers.Last).Last() is { Item: { } other } last && IsOther(other, items.Where(item => item != last).Select(static item => item.Item)) && last.Numbers.Count <= items.Sum(static item => item.Numbers.Count) / 2) items.Remove(last);
        var kept = items.Where(static item => item.Item is not null).ToList();
        foreach (var (numbers, item) in kept)
        {
            module.Children.Add(item!);
            foreach (var prefix in names.All) module.Numbers[prefix.Text] = module.Numbers.TryGetValue(prefix.Text, out var known) ? known.Union(numbers) : numbers;
        }
        var all = kept.Aggregate(NumberSet.Empty, static (all, item) => all.Union(item.Numbers));
        if (all.IsEmpty && !child.IsOptional)
            module.Problems.Add(Missing(module, child, names.Default.Text + "0.", $"no tensor begins with \"{names.Default.Text}0.\", so that {module.Class.ShortName}.{child.Property} has no items"));
        else if (!all.IsEmpty && !child.IsNumbered && NumberSet.Range(0, all.Last).Except(all) is { IsEmpty: false } gaps)
            module.Problems.Add(Missing(module, child, names.Default.Text + gaps.First + ".", $"{names.Default.Text}{{{gaps}}} {(gaps.Count == 1 ? "is" : "are")} not in the list, and {module.Class.ShortName}.{child.Property} counts its items from 0 to {all.Last}"));
    }

    // It has all that a layer has, and more. One that lacks what others have is a layer with a fault, which would be left alone without a word.
    private bool IsOther(MatchedModule item, IEnumerable<MatchedModule?> others)
    {
        HashSet<(ProblemKind, ProblemPlace)> faults = [.. Problems(item)];
        faults.ExceptWith(others.OfType<MatchedModule>().SelectMany(Problems));
        return faults.Count == 0 && Untouched(item) > 0;

        static IEnumerable<(ProblemKind, ProblemPlace)> Problems(MatchedModule module) => module.Tree.SelectMany(static part => part.Problems).Select(static problem => (problem.Kind, problem.Place));
    }

    /// <summary>A child, of the class that fits the names best; null where there is none.</summary>
    private MatchedModule? Item(MatchedModule parent, DescribedChild child, ModuleNames names, MatchScope scope, int depth)
    {
        var candidates = child.Classes.Select(classes).OfType<DescribedModule>().ToList();
        scope = scope.Below(child);

        // Without a level of its own the names do not say whether there is one.
        var hasLevel = names.All.All(prefix => HasLevel(parent, prefix));
        if (hasLevel && names.All.All(prefix => list.List.Below(prefix.Text).IsEmpty))
        {
            if (!child.IsOptional && Match(candidates[0], child, Prefixed(candidates[0], names), scope, depth + 1) is var bare && bare.Tree.Any(static module => module.Problems.Count > 0))
                parent.Problems.Add(Missing(parent, child, names.Default.Text, $"no tensor begins with \"{names.Default.Text}\", and {parent.Class.ShortName}.{child.Property} is no child that may lack"));
            return null;
        }
        var best = candidates.Select(candidate => Match(candidate, child, Prefixed(candidate, names), scope, depth + 1)).OrderBy(Faults).First();
        return child.IsOptional && best.Tree.All(static module => module.Claims.Count == 0) ? null : best;
    }

    private long Faults(MatchedModule module) => module.Tree.Sum(static part => part.Problems.Count) + Untouched(module);

    /// <summary>How many rows below a module none of it takes.</summary>
    private int Untouched(MatchedModule module)
    {
        HashSet<int> taken = [.. module.Tree.SelectMany(static part => part.Claims).Select(static claim => claim.Row)];
        return module.Names.All.SelectMany(prefix => list.List.Below(prefix.Text)).Select(static found => found.Row).Distinct().Count(row => !taken.Contains(row));
    }

    private static ConformanceProblem Missing(MatchedModule module, DescribedChild child, string name, string message) =>
        new(ProblemKind.Missing, ProblemPlace.Of(module.Class.Name, child.Property), message) { Name = name };

    private static ImmutableArray<NumberSet> Refined(ImmutableArray<NumberSet> groups, NumberSet numbers)
    {
        var refined = ImmutableArray.CreateBuilder<NumberSet>();
        foreach (var group in groups)
        {
            var common = group.Intersect(numbers);
            if (!common.IsEmpty) refined.Add(common);
            if (group.Except(common) is { IsEmpty: false } rest) refined.Add(rest);
            numbers = numbers.Except(common);
        }
        if (!numbers.IsEmpty) refined.Add(numbers);
        return refined.ToImmutable();
    }
}
