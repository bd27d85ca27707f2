using System.Collections.Immutable;
using Lanyard.Tests.Layouts;

namespace Lanyard.Tests.Ranks;

/// <summary>
/// Declarations that are right by construction, and a topology. Each group of parameters has the same elements, arranged once in the
/// model, once for a kernel, and in two formats of a checkpoint. Along one class of ranks an element has one axis at most, so that the
/// ranks together hold everything.
/// </summary>
internal sealed class RandomModel
{
    private readonly Tape _tape;
    private readonly List<AxisEntry> _axes = [];
    private readonly Dictionary<string, int> _sizes = [];
    private readonly List<ParameterEntry> _parameters = [];

    /// <param name="tape">What it is made of.</param>
    /// <param name="listed">Whether experts are dealt out one by one in any case.</param>
    public RandomModel(Tape tape, bool listed = false)
    {
        _tape = tape;
        (Tensor, Expert) = (1 + tape.Below(3), 1 + tape.Below(3));
        Dealt = [.. Enumerable.Range(0, Expert).Select(_ => new List<int>())];
        Deal();
        Placement = listed ? 2 : tape.Below(3);
        for (var group = 1 + tape.Below(2); group > 0; group--) Group(group);
    }

    /// <summary>How many tensor-parallel ranks there are.</summary>
    public int Tensor { get; }

    /// <summary>How many expert-parallel ranks there are.</summary>
    public int Expert { get; }

    /// <summary>0: ranges, 1: round robin, 2: as <see cref="Dealt"/> says.</summary>
    public int Placement { get; }

    /// <summary>Five experts, each on some rank, one of them on several, or twice on one.</summary>
    public List<List<int>> Dealt { get; }

    public IReadOnlyDictionary<string, int> Sizes => _sizes;

    public IReadOnlyDictionary<string, string[]> Labels => _axes.Where(axis => !axis.Labels.IsEmpty).ToDictionary(axis => axis.Name, axis => axis.Labels.ToArray());

    public ModuleMap Map => new() { Type = nameof(RandomModel), Axes = [.. _axes.Select(axis => axis with { Whole = axis is { Shard: Shard.None, Follows: null } })], Parameters = [.. _parameters] };

    public ExpertPlacement Experts => Placement switch
    {
        0 => ExpertPlacement.Linear,
        1 => ExpertPlacement.RoundRobin,
        _ => ExpertPlacement.Listed([.. Dealt.Select(rank => rank.Select(expert => (long)expert).ToImmutableArray())]),
    };

    /// <summary>The axes of experts.</summary>
    public IEnumerable<string> ExpertAxes => _axes.Where(axis => axis.Shard == Shard.Expert).Select(axis => axis.Name);

    public Topology Rank(int tensor, int expert) => new(tensor, Tensor, expert, Expert) { ExpertPlacement = Experts };

    /// <summary>Deals the experts out anew.</summary>
    public void Deal()
    {
        Dealt.ForEach(rank => rank.Clear());
        foreach (var expert in _tape.Shuffle(Enumerable.Range(0, 5))) Dealt[_tape.Below(Expert)].Add(expert);
        var busy = _tape.Below(5);
        foreach (var rank in Dealt.Where(_ => _tape.Chance(40))) rank.Insert(_tape.Below(rank.Count + 1), busy);
    }

    /// <summary>What a rank holds of each axis, as the page on loading has it.</summary>
    public Func<string, int?[]> Held(int tensor, int expert) => new NaiveShares(_axes, _sizes, Tensor, size => Placement switch
    {
        0 => [.. Enumerable.Range(0, Expert).Select(rank => Enumerable.Range(Enumerable.Range(0, rank).Sum(other => Share(size, other)), Share(size, rank)))],
        1 => [.. Enumerable.Range(0, Expert).Select(rank => Enumerable.Range(0, size).Where(index => index % Expert == rank))],
        _ => [.. Dealt],
    }).Held(tensor, expert);

    private int Share(int size, int rank) => (size / Expert) + (rank < size % Expert ? 1 : 0);

    public override string ToString() =>
        $"{Tensor} x {Expert}, placement {Placement} {string.Join(", ", Dealt.Select(rank => string.Join(' ', rank)))}\n{string.Join("\n", _axes.Select(axis => $"{axis.Name} = {_sizes[axis.Name]} {axis.Shard}, replicated {axis.Replicate}, padded to {axis.PadTo}, follows {axis.Follows}, in units of {axis.Unit}, padded {axis.Padded}, within {axis.PadWithin} [{string.Join(' ', axis.Labels)}]"))}\n"
        + string.Join("\n", _parameters.Select(entry => $"{entry.Name}: {entry.Pattern}, kernel {entry.Kernel}; {string.Join("; ", entry.Sources.Select(source => $"{source.Name} : {source.Pattern}, part {source.Part}"))}"));

    /// <summary>One parameter, or two that take parts of the same tensors.</summary>
    private void Group(int number)
    {
        var used = new HashSet<Shard>();
        var common = Enumerable.Range(0, 1 + _tape.Below(2)).Select(_ => Leaf(used)).ToArray();
        var parts = Enumerable.Range(0, _tape.Chance(60) ? 2 + _tape.Below(2) : 0).Select(i => (Tag: "qkv"[i].ToString(), Leaves: Part([.. used]))).ToArray();
        if (parts.Length > 0 && _tape.Chance(50)) parts[^1].Leaves = parts[0].Leaves;
        var split = parts.Length > 1 && _tape.Chance(50) ? 1 : parts.Length;
        var named = _tape.Shuffle(common)[0];
        var shift = Labels.ContainsKey(named) || named.StartsWith("blocks", StringComparison.Ordinal) || _tape.Chance(50) ? "" : " + 1";
        var fused = Arrange(common, parts);
        foreach (var own in split < parts.Length ? new[] { parts[..split], parts[split..] } : [parts])
        {
            // A parameter that is one part alone leaves the tag out.
            var bare = own.Length == 1;
            string Own(bool pads) => Arrange(bare ? [.. common, .. own[0].Leaves] : common, bare ? [] : own, pads);
            CheckpointSource[] sources = own.Length == 0
                ? [new CheckpointSource($"w{number}.{{{named}{shift}}}", Arrange(common.Where(leaf => leaf != named), []), Format: "split")]
                : [.. own.Select(part => new CheckpointSource($"w{number}.{{{named}{shift}}}.{part.Tag}", Arrange([.. common.Where(leaf => leaf != named), .. part.Leaves], []), part.Tag, "split"))];
            _parameters.Add(new ParameterEntry(
                _parameters.Count,
                $"P{_parameters.Count}",
                $"p{_parameters.Count}",
                Own(pads: true),
                [new CheckpointSource($"w{number}", fused, bare ? own[0].Tag : null), .. sources])
            {
                Kernel = _tape.Chance(30) ? Own(pads: true) : null,
            });
        }
    }

    private string[] Part(HashSet<Shard> used) => [.. Enumerable.Range(0, 1 + _tape.Below(2)).Select(_ => Leaf(used))];

    /// <summary>A new axis, or the blocks of one, of a class of ranks that the element has not been divided by.</summary>
    private string Leaf(HashSet<Shard> used)
    {
        var (name, size) = ($"a{_axes.Count}", 1 + _tape.Below(3));
        var shard = (Shard)_tape.Below(3);
        if (!used.Add(shard)) shard = Shard.None;
        if (shard != Shard.None && _tape.Chance(35) && Follower(name, shard)) return name;
        if (shard == Shard.Tensor && _tape.Chance(35)) return InUnits(name, size);
        var (replicate, padTo) = (false, 1);
        if (shard == Shard.Expert) size = Placement == 2 ? 5 : size;
        else if (shard == Shard.Tensor && _tape.Chance(30)) (replicate, size) = (true, 1);
        else if (shard == Shard.Tensor && _tape.Chance(40)) padTo = 2 * Tensor;
        else if (shard == Shard.Tensor) size *= Tensor;
        var labels = _tape.Chance(20) ? Enumerable.Range(0, size).Select(i => $"{name}l{i}").ToImmutableArray() : [];
        Add(new AxisEntry(name, shard, replicate, labels, padTo), size);
        if (!_tape.Chance(20)) return name;
        return shard == Shard.None ? $"blocks({name}, {1 + _tape.Below(3)})" : shard == Shard.Tensor && !replicate && padTo == 1 ? $"blocks({name}, {size / Tensor})" : name;
    }

    /// <summary>An axis that follows one of a class of ranks, perhaps one that follows itself, alone or as the slower or faster of two.</summary>
    private bool Follower(string name, Shard shard)
    {
        var leaders = _axes.Where(axis => Root(axis) == shard).ToArray();
        if (leaders.Length == 0) return false;
        var leader = leaders[_tape.Below(leaders.Length)].Name;
        var whole = _sizes[leader];
        if (_tape.Chance(40) && _axes.Find(axis => axis.Shard == Shard.None && axis.Follows is null) is { } other)
        {
            leader = _tape.Chance(50) ? $"{leader} {other.Name}" : $"{other.Name} {leader}";
            whole *= _sizes[other.Name];
        }
        var unit = _tape.Chance(50) ? 1 + _tape.Below(4) : 0;
        Add(new AxisEntry(name, Shard.None, false, []) { Follows = leader, Unit = unit }, unit > 0 ? (whole + unit - 1) / unit : 1 + _tape.Below(whole));
        return true;
    }

    /// <summary>An axis that is dealt out in units, padded within runs, or on the first rank alone.</summary>
    private string InUnits(string name, int size)
    {
        switch (_tape.Below(3))
        {
            case 0:
                Add(new AxisEntry(name, Shard.Tensor, false, []) { Unit = _tape.Below(4), Padded = _tape.Chance(50) } is var axis && axis.Unit == 0 ? axis with { Padded = true } : axis, size + _tape.Below(4));
                break;
            case 1:
                var keys = _tape.Chance(50) ? 1 : Tensor * (1 + _tape.Below(2));
                Add(new AxisEntry(name + "k", Shard.None, false, []) { Follows = name }, keys);
                Add(new AxisEntry(name, Shard.Tensor, false, []) { PadWithin = name + "k" }, keys * size);
                break;
            default:
                Add(new AxisEntry(name, Shard.FirstTensorRank, false, []), size);
                break;
        }
        return name;
    }

    private Shard Root(AxisEntry axis) => axis.Follows is { } follows
        ? follows.Split(' ').Select(leader => Root(_axes.Single(other => other.Name == leader))).FirstOrDefault(shard => shard != Shard.None)
        : axis.Shard == Shard.FirstTensorRank ? Shard.Tensor : axis.Shard;

    private void Add(AxisEntry axis, int size)
    {
        _axes.Add(axis);
        _sizes.Add(axis.Name, size);
    }

    private string Arrange(IEnumerable<string> leaves, (string Tag, string[] Leaves)[] parts, bool pads = false)
    {
        var union = string.Join(" + ", _tape.Shuffle(parts).Select(part => $"{part.Tag}: {string.Join(' ', _tape.Shuffle(part.Leaves))}"));
        var items = _tape.Shuffle(union == "" ? leaves : [.. leaves, $"({union})"]).ToList();
        while (items.Count > 1 && _tape.Chance(40))
        {
            items[0] = $"({items[0]} {items[1]})";
            items.RemoveAt(1);
        }
        if (pads && items.Count > 0 && _tape.Chance(30)) items[^1] = $"pad({items[^1]}, {2 + _tape.Below(3)})";
        if (_tape.Chance(10)) items.Add("1");
        return string.Join(' ', items);
    }
}
