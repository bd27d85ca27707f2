using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Names;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What of a list no parameter takes: classes leave it alone by declaration, or it has no home.</summary>
internal sealed class Leftovers
{
    // Names with a number that a pattern speaks of are looked at one by one; so many are no list of a model's.
    private const int MostNames = 100_000;

    private readonly CheckedList _list;
    private readonly Remaining[] _rows;
    private readonly List<(MatchedModule Module, int Ignore, bool IsOptional, List<string> Patterns)> _ignores = [];
    private readonly Dictionary<int, string> _others = [];

    private Leftovers(CheckedList list) => (_list, _rows) = (list, [.. list.List.Rows.Select(static row => new Remaining(row))]);

    /// <summary>What is wrong with the rest of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="root">What takes tensors of it.</param>
    public static IEnumerable<ConformanceProblem> Problems(CheckedList list, MatchedModule root)
    {
        var left = new Leftovers(list);
        foreach (var (row, numbers) in root.Tree.SelectMany(static module => module.Claims)) left._rows[row].Claim(numbers);
        left.ClaimAliases();
        foreach (var module in root.Tree) left.Add(root, module);
        var ignored = left.ClaimIgnored();
        if (list.List.IsGguf && list.List.Find(GgufNames.RotaryFactors) is { } factors) left._rows[factors.Row].Claim(factors.Left);
        return [.. ignored, .. left.Homeless(root)];
    }

    /// <summary>Second names of tensors that are there under their first.</summary>
    private void ClaimAliases()
    {
        foreach (var alias in _list.Aliases)
        {
            if (_list.List.Find(alias.Key) is not { } second || _list.List.Find(alias.Value) is not { } first || !_rows[first.Row].Names.All(left => left.First != alias.Value)) continue;
            if (second.Tensor.Type == first.Tensor.Type && (second.Tensor.Shape.IsDefault || second.Tensor.Shape.SequenceEqual(first.Tensor.Shape))) _rows[second.Row].Claim(second.Left);
            else _others[second.Row] = $"it is a second name of {first.Tensor}, and both must have the same elements";
        }
    }

    /// <summary>Adds the patterns of a module, for each number of the groups that it stands for, and for the numbers of lists that no item has.</summary>
    private void Add(MatchedModule root, MatchedModule module)
    {
        for (var i = 0; i < module.Class.Ignores.Length; i++)
        {
            var (ignore, patterns) = (module.Class.Ignores[i], new List<string>());
            foreach (var prefix in Prefixes(root, module))
            {
                foreach (var text in prefix.All.Names) patterns.AddRange(ignore.IsNumbered ? Numbered(root, text + ignore.Pattern) : [text + ignore.Pattern]);
            }
            _ignores.Add((module, i, ignore.IsOptional || ignore.IsNumbered || ignore.When is not null, patterns));
        }
    }

    // What may stand before all names may be missing before those that are left alone.
    private static IEnumerable<ModulePrefix> Prefixes(MatchedModule root, MatchedModule module) =>
        ReferenceEquals(root, module) ? module.Names.All.Append(ModulePrefix.Root).GroupBy(static prefix => prefix.Text).Select(static alike => alike.First()) : module.Names.All;

    /// <summary>A pattern for each number that follows those of the items of the model's list: how many there are the configuration says, and that they stand behind.</summary>
    private IEnumerable<string> Numbered(MatchedModule root, string pattern)
    {
        var at = pattern.IndexOf("{}", StringComparison.Ordinal);
        if (at < 0) return [pattern];
        var prefix = pattern.Substring(0, at);
        var items = root.Tree.Select(module => module.Numbers.TryGetValue(prefix, out var numbers) ? numbers : NumberSet.Empty).Aggregate(NumberSet.Empty, static (all, numbers) => all.Union(numbers));
        var others = _list.List.NumbersBelow(prefix).Aggregate(NumberSet.Empty, static (all, group) => all.Union(group)).Except(items);
        return others.Numbers.Where(number => items.IsEmpty || (number > items.Last && NumberSet.Range(items.Last + 1, number).Except(others).IsEmpty)).Select(number => prefix + number.ToString(CultureInfo.InvariantCulture) + pattern.Substring(at + 2));
    }

    private List<ConformanceProblem> ClaimIgnored()
    {
        var (problems, used) = (new List<ConformanceProblem>(), new bool[_ignores.Count]);
        List<(string Pattern, int Ignore)> patterns = [.. _ignores.SelectMany(static (ignore, i) => ignore.Patterns.Select(pattern => (pattern, i)))];
        for (var row = 0; row < _rows.Length; row++)
        {
            if (_rows[row].IsEmpty) continue;
            var template = _list.List.Rows[row].Name;
            var near = patterns.FindAll(pattern => MayMatch(pattern.Pattern, template));
            if (near.Count == 0) continue;
            foreach (var box in _rows[row].Boxes.SelectMany(box => Split(template, box, near)).ToList())
            {
                var name = new NameTemplate(template.Texts, box).First;
                var matching = near.FindAll(pattern => Glob.Matches(pattern.Pattern.AsSpan(), name.AsSpan()));
                foreach (var (_, ignore) in matching) used[ignore] = true;
                if (matching.Count > 0) _rows[row].Claim(box);
            }
        }
        for (var i = 0; i < used.Length; i++)
        {
            var (module, ignore, isOptional, _) = _ignores[i];
            if (used[i] || isOptional || _ignores.Where((_, other) => used[other]).Any(other => other.Module.Class.Name == module.Class.Name && other.Ignore == ignore)) continue;
            problems.Add(new(ProblemKind.Ignore, ProblemPlace.Ignore(module.Class.Name, ignore), $"\"{module.Class.Ignores[ignore].Pattern}\" matches no tensor of the list, so nothing needs to be left alone by it; where checkpoints may do without such tensors, say Optional = true"));
        }
        return problems;
    }

    // As far as the first star and the first number both must be alike.
    private static bool MayMatch(string pattern, NameTemplate name)
    {
        var text = name.Texts[0];
        for (var i = 0; i < Math.Min(pattern.Length, text.Length); i++)
        {
            if (pattern[i] == '*') return true;
            if (pattern[i] != text[i]) return false;
        }
        return true;
    }

    /// <summary>Parts of a box in which all names are matched, or none: numbers that patterns spell stand alone.</summary>
    private static IEnumerable<ImmutableArray<NumberSet>> Split(NameTemplate template, ImmutableArray<NumberSet> box, List<(string Pattern, int Ignore)> patterns)
    {
        var key = NameKey.Of(template.Texts, [.. template.Holes]);
        IEnumerable<ImmutableArray<NumberSet>> parts = [box];
        for (var slot = 0; slot < key.Slots.Length; slot++)
        {
            if (key.Slots[slot].Hole is not (>= 0 and var hole)) continue;
            var at = slot;
            var spelled = NumberSet.From(patterns.SelectMany(pattern => Numbers(pattern.Pattern, at)).Distinct());
            parts = parts.SelectMany(part => part[hole].Intersect(spelled).Numbers.Select(NumberSet.Of).Append(part[hole].Except(spelled)).Where(static numbers => !numbers.IsEmpty).Select(numbers => part.SetItem(hole, numbers)));
        }
        return parts.Take(MostNames).ToList();
    }

    /// <summary>The numbers that a pattern spells in one place of names; behind a star all, which may stand anywhere.</summary>
    private static IEnumerable<int> Numbers(string pattern, int slot)
    {
        var star = pattern.IndexOf('*');
        var (before, after) = (NameKey.Of(star < 0 ? pattern : pattern.Substring(0, star)).Slots, star < 0 ? [] : NameKey.Of(pattern.Substring(star)).Slots);
        return (slot < before.Length ? after.Add(before[slot]) : after).Select(static stated => stated.Numbers).OfType<NumberSet>().SelectMany(static numbers => numbers.Numbers);
    }

    private IEnumerable<ConformanceProblem> Homeless(MatchedModule root)
    {
        var declined = root.Tree.SelectMany(static module => module.Declined).GroupBy(static row => row.Key).ToDictionary(static row => row.Key, static row => row.First().Value);
        for (var i = 0; i < _rows.Length; i++)
        {
            var row = _rows[i];
            if (row.IsEmpty) continue;
            var (names, one) = (row.Names, row.Count == 1);
            var why = declined.TryGetValue(i, out var by) ? $"{root.Class.ShortName} is declared to be without {by}, which would take {(one ? "it" : "them")}"
                : _others.TryGetValue(i, out var other) ? other
                : $"no parameter takes {(one ? "it" : "them")}, and no [Ignore] leaves {(one ? "it" : "them")} alone";
            yield return new ConformanceProblem(ProblemKind.Unexpected, ProblemPlace.Name(row.Tensor), $"{string.Join(", ", names.Select(static name => $"{name}"))} {(one ? "has" : "have")} no home: {why}") { Name = names[0].First, Instead = Pattern(row.Tensor.Name) };
        }
    }

    /// <summary>A pattern of the names.</summary>
    private static string Pattern(NameTemplate name) => string.Join("*", name.Texts);
}
