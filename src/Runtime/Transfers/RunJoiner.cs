namespace Lanyard.Transfers;

/// <summary>Puts pairs of regions together that lie at equal distances in both storages: experts one after another are one loop.</summary>
internal static class RunJoiner
{
    /// <summary>The same elements in fewer pairs, ordered by their places in the target; the loops of each descend there.</summary>
    public static List<RegionPair> Join(List<RegionPair> pairs)
    {
        var ordered = pairs.ConvertAll(Merged);
        ordered.Sort(static (left, right) => left.Target.CompareTo(right.Target));

        // Again and again: rows that were joined may be a row themselves.
        while (Rows(ordered) is var fewer && fewer.Count < ordered.Count) ordered = fewer;
        return ordered.ConvertAll(Merged);
    }

    private static List<RegionPair> Rows(List<RegionPair> pairs)
    {
        var rows = new List<RegionPair>(pairs.Count);
        for (var i = 0; i < pairs.Count;)
        {
            var (first, count) = (pairs[i], 1);
            if (i + 1 < pairs.Count)
            {
                var (target, source) = (pairs[i + 1].Target - first.Target, pairs[i + 1].Source - first.Source);
                while (target > 0 && source > 0 && i + count < pairs.Count && Follows(pairs[i + count - 1], pairs[i + count], target, source)) count++;
                if (count > 1) first = Merged(first with { Loops = [new PairLoop(count, target, source), .. first.Loops] });
            }
            rows.Add(first);
            i += count;
        }
        return rows;
    }

    private static bool Follows(RegionPair pair, RegionPair next, long target, long source) =>
        next.Target - pair.Target == target && next.Source - pair.Source == source && pair.Loops.AsSpan().SequenceEqual(next.Loops);

    /// <summary>The same with its loops in the order of the target, those that run on in both storages as one.</summary>
    private static RegionPair Merged(RegionPair pair)
    {
        var loops = new List<PairLoop>(pair.Loops.Length);
        foreach (var loop in pair.Loops.Where(static loop => loop.Size > 1).OrderByDescending(static loop => loop.Target))
        {
            if (loops.Count > 0 && loops[^1].RunsInto(loop)) loops[^1] = loop with { Size = loops[^1].Size * loop.Size };
            else loops.Add(loop);
        }
        return pair with { Loops = [.. loops] };
    }
}
