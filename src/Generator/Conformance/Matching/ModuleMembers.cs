using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Which parameters and children an instance of a class has: some the list shows, others follow from those, and from what classes say that all models have.</summary>
/// <param name="module">The class.</param>
/// <param name="scope">What is said of it.</param>
internal sealed class ModuleMembers(DescribedModule module, MatchScope scope)
{
    private readonly Dictionary<string, long> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _wanted = new(StringComparer.Ordinal);

    /// <summary>The members that the list has nothing of, though the instance has them, each with why.</summary>
    public IReadOnlyDictionary<string, string> Wanted => _wanted;

    /// <summary>Enters what the list has of a member.</summary>
    /// <param name="property">The member.</param>
    /// <param name="tensors">How many rows; none where it is not there.</param>
    public void Add(string property, long tensors)
    {
        if (tensors > 0) _tensors[property] = tensors;
    }

    /// <summary>Finds what else must be there.</summary>
    /// <returns>Members of which the instance has one at the most, and the list has others: each with the one that it has.</returns>
    public IReadOnlyList<(string Other, string There)> Follow()
    {
        FollowConditions();
        var others = new List<(string, string)>();
        foreach (var alternatives in scope.With)
        {
            List<string> possible = [.. alternatives.Where(property => !scope.Without.Contains(property))];
            List<string> present = [.. possible.Where(IsThere).OrderByDescending(Rows)];
            others.AddRange(present.Skip(1).Select(other => (other, present[0])));
            if (present.Count > 0 || possible.Count == 0) continue;
            var rest = possible.Skip(1).Select(other => $"{module.ShortName}.{other}").ToList();
            Want(possible[0], rest.Count == 0 ? ", which every model of the family has" : $", nor anything of {string.Join(" or ", rest)}, and each has one of them");
        }
        FollowConditions();
        return others;
    }

    private void FollowConditions()
    {
        foreach (var member in Conditional.Where(member => Group(member.When!).Any(IsThere)).ToList()) Want(member.Property, $", though what else depends on {member.When} is there");
    }

    private IEnumerable<(string Property, string? When)> Conditional =>
        module.Parameters.Where(static parameter => !parameter.MayBeAbsent && !parameter.Sources.IsEmpty).Select(static parameter => (parameter.Property, parameter.When))
            .Concat(module.Children.Select(static child => (child.Property, child.When)))
            .Where(member => member.When is not null && !scope.Without.Contains(member.Property));

    private IEnumerable<string> Group(string when) => Conditional.Where(member => member.When == when).Select(static member => member.Property);

    private bool IsThere(string property) => _tensors.ContainsKey(property) || _wanted.ContainsKey(property);

    // With all that depends on the same.
    private long Rows(string property) => Conditional.FirstOrDefault(member => member.Property == property) is { When: { } when }
        ? Group(when).Sum(other => _tensors.TryGetValue(other, out var rows) ? rows : 0)
        : _tensors.TryGetValue(property, out var own) ? own : 0;

    private void Want(string property, string reason)
    {
        if (!_tensors.ContainsKey(property) && !_wanted.ContainsKey(property)) _wanted.Add(property, reason);
    }
}
