namespace Lanyard.Tests.Ranks;

/// <summary>What ranks hold of axes as the pages say it, index by index; null is padding.</summary>
/// <param name="axes">The axes as a class declares them.</param>
/// <param name="sizes">Their sizes.</param>
/// <param name="ranks">How many tensor-parallel ranks there are.</param>
/// <param name="placement">For so many experts the list of each expert-parallel rank.</param>
internal sealed class NaiveShares(IEnumerable<AxisEntry> axes, IReadOnlyDictionary<string, int> sizes, int ranks, Func<int, IEnumerable<int>[]> placement)
{
    /// <summary>What a rank holds of each axis.</summary>
    public Func<string, int?[]> Held(int tensor, int expert) => name =>
    {
        var (axis, size) = (axes.Single(axis => axis.Name == name), sizes[name]);
        var all = Enumerable.Range(0, size).Select(index => (int?)index);
        if (axis.Follows is not null) return Needed(axis, size, Held(tensor, expert));
        if (axis.Shard == Shard.None) return [.. all];
        if (axis.Shard == Shard.Expert) return [.. placement(size)[expert].Select(index => (int?)index)];
        if (axis.Shard == Shard.FirstTensorRank) return [.. all.Select(index => tensor == 0 ? index : null)];
        if (axis.PadWithin is { } within) return Within(sizes[within], size, tensor);
        if (axis.Unit > 0 || axis.Padded)
        {
            var units = all.Chunk(Math.Max(axis.Unit, 1)).ToArray();
            var each = (units.Length + ranks - 1) / ranks;
            int?[] dealt = [.. units.Skip(tensor * each).Take(each).SelectMany(unit => unit)];
            return axis.Padded ? [.. dealt, .. new int?[(each * Math.Max(axis.Unit, 1)) - dealt.Length]] : dealt;
        }
        var padded = (size + axis.PadTo - 1) / axis.PadTo * axis.PadTo;
        if (padded < ranks) return [tensor / (ranks / padded)];
        return [.. all.Concat(new int?[padded - size]).Skip(tensor * (padded / ranks)).Take(padded / ranks)];
    };

    /// <summary>What the held indices of the leaders need: each position of them in the whole needs one.</summary>
    private int?[] Needed(AxisEntry axis, int size, Func<string, int?[]> held)
    {
        List<int?> positions = [0];
        var whole = 1;
        foreach (var leader in axis.Follows!.Split(' '))
        {
            positions = [.. positions.SelectMany(slow => held(leader).Select(fast => (slow * sizes[leader]) + fast))];
            whole *= sizes[leader];
        }
        return [.. positions.OfType<int>().Select(position => axis.Unit > 0 ? position / axis.Unit : position * size / whole).Distinct().Order().Select(index => (int?)index)];
    }

    /// <summary>Runs of equal length, one for each index of another axis: whole on a rank, or each padded and dealt to its ranks.</summary>
    private int?[] Within(int runs, int size, int tensor)
    {
        var all = Enumerable.Range(0, size).Select(index => (int?)index).Chunk(size / runs).ToArray();
        if (runs >= ranks) return [.. all.Skip(tensor * (runs / ranks)).Take(runs / ranks).SelectMany(run => run)];
        var sharers = ranks / runs;
        var each = ((size / runs) + sharers - 1) / sharers;
        return [.. all[tensor / sharers].Concat(new int?[(each * sharers) - (size / runs)]).Skip(tensor % sharers * each).Take(each)];
    }
}
